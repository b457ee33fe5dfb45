// Numbers of a result as bars, or as lines where they are over time. The table beside it has the same numbers.
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip } from "chart.js";
import type { Series } from "./series";

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip);

const COLOURS = ["--accent", "--open", "--good", "--bad", "--soft"];

/** Draw the series on a canvas in the colours of the page; returns how to take it away. */
export function draw(canvas: HTMLCanvasElement, series: Series): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chart = made(canvas, series);
  const again = (): void => {
    chart.destroy();
    chart = made(canvas, series);
  };
  dark.addEventListener("change", again);
  return () => {
    dark.removeEventListener("change", again);
    chart.destroy();
  };
}

function made(canvas: HTMLCanvasElement, series: Series): Chart {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const isWide = !series.overTime;
  const numbers = { beginAtZero: true, grid: { color: colour("--line") }, ticks: { color: colour("--soft") } };
  const labels = { grid: { display: false }, ticks: { color: colour("--ink"), autoSkip: series.overTime } };
  return new Chart(canvas, {
    type: series.overTime ? "line" : "bar",
    data: {
      labels: series.labels.map((label) => (label.length > 40 ? `${label.slice(0, 39)}…` : label)),
      datasets: series.columns.map(({ name, values }, at) => ({
        label: name,
        data: values,
        backgroundColor: colour(COLOURS[at] ?? "--accent"),
        borderColor: colour(COLOURS[at] ?? "--accent"),
        borderWidth: series.overTime ? 2 : 0,
        borderRadius: 2,
        maxBarThickness: 26,
      })),
    },
    options: {
      indexAxis: isWide ? "y" : "x",
      animation: false,
      maintainAspectRatio: false,
      locale: document.documentElement.lang,
      color: colour("--ink"),
      font: { family: style.getPropertyValue("font-family") || "sans-serif" },
      scales: isWide ? { x: numbers, y: labels } : { x: labels, y: numbers },
      plugins: { legend: { display: series.columns.length > 1, position: "top", align: "start" } },
    },
  });
}
