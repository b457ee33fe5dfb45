// A result in several views: always its table, with a map or a chart above it where its columns allow one.
import { places } from "./places";
import { tabulate } from "./rows";
import { series } from "./series";
import { type Row } from "./terms";
import { filled } from "./words";

export interface Result {
  names: string[];
  rows: Row[];
}
export type View = "table" | "map" | "chart" | "response";

let clear: (() => void) | undefined;

/** Show a result in a section; `told` hears which view somebody chose. `raw` is the answer as it came. */
export function show(section: HTMLElement, result: Result, raw: string | undefined, told: (view: View) => void = () => undefined): (view: View) => void {
  const [points, numbers] = [places(result.names, result.rows), series(result.names, result.rows)];
  const can: Record<View, boolean> = { table: true, map: points !== undefined, chart: numbers !== undefined, response: raw !== undefined };
  const buttons = section.querySelectorAll<HTMLButtonElement>("[data-view]");
  const drawing = section.querySelector<HTMLElement>("[data-drawing]");
  const rows = section.querySelector<HTMLElement>("[data-rows]");
  const response = section.querySelector<HTMLElement>("[data-response]");
  const table = rows?.querySelector("table");
  const pager = section.querySelector<HTMLElement>("[data-pager]");
  if (table && pager && table.dataset.made === undefined) tabulate(table, pager, result.names, result.rows);
  const choose = (view: View): void => {
    const chosen = can[view] ? view : "table";
    for (const button of buttons) button.ariaPressed = String(button.dataset.view === chosen);
    if (rows) rows.hidden = chosen === "response";
    if (pager && chosen === "response") pager.hidden = true;
    else if (pager && table?.dataset.made === undefined) pager.hidden = result.rows.length <= 200;
    if (response) {
      response.hidden = chosen !== "response";
      if (chosen === "response") response.textContent = raw ?? "";
    }
    clear?.();
    clear = undefined;
    drawing?.replaceChildren();
    if (!drawing) return;
    drawing.hidden = chosen === "table" || chosen === "response";
    if (chosen === "map" && points) void map(drawing, points);
    if (chosen === "chart" && numbers) void chart(drawing, numbers);
  };
  for (const button of buttons) {
    const view = button.dataset.view as View;
    button.hidden = !can[view];
    button.onclick = () => {
      choose(view);
      told(view);
    };
  }
  const group = buttons[0]?.parentElement;
  if (group) group.hidden = Object.values(can).filter(Boolean).length < 2;
  choose("table");
  return choose;
}

async function map(drawing: HTMLElement, points: GeoJSON.FeatureCollection): Promise<void> {
  const data = document.createElement("script");
  data.type = "application/json";
  data.id = "result-places";
  data.textContent = JSON.stringify(points);
  const element = document.createElement("div");
  element.className = "map";
  element.role = "group";
  element.ariaLabel = drawing.dataset.map ?? "";
  element.dataset.inline = data.id;
  drawing.replaceChildren(data, element);
  const { draw } = await import("./mapping");
  await draw(element);
}

async function chart(drawing: HTMLElement, numbers: NonNullable<ReturnType<typeof series>>): Promise<void> {
  const frame = document.createElement("div");
  frame.className = "chart-frame";
  frame.style.height = numbers.overTime ? "22rem" : `${Math.max(8, 3 + 1.6 * numbers.labels.length * Math.min(2, numbers.columns.length))}rem`;
  const canvas = document.createElement("canvas");
  canvas.role = "img";
  canvas.ariaLabel = filled(drawing.dataset.chart, { label: numbers.label, numbers: numbers.columns.map(({ name }) => name).join(", ") });
  frame.append(canvas);
  const note = document.createElement("p");
  note.className = "hint";
  note.textContent = numbers.isPart ? filled(drawing.dataset.part, { number: String(numbers.labels.length) }) : "";
  drawing.replaceChildren(frame, note);
  const { draw } = await import("./chart");
  if (canvas.isConnected) clear = draw(canvas, numbers);
}
