// Every `figure.picture` with an inline SVG gets buttons that save it as SVG and as PNG. Texts: `data-svg`, `data-png`;
// `data-name` is the name of the file. Where the figure has a plain link to a file, `[data-plain]`, they take its place.
// Its marks tell what they stand for (parts/tips.ts); `data-keys` says how the keyboard does it.
import { named, pngFile, save, svgFile } from "./parts/saving";
import { tips } from "./parts/tips";

for (const figure of document.querySelectorAll<HTMLElement>("figure.picture")) {
  if (!figure.querySelector("svg")) continue;
  const saves = document.createElement("span");
  saves.className = "saves";
  saves.append(
    button(figure.dataset.svg ?? "SVG", (picture) => {
      save(new Blob([svgFile(picture)], { type: "image/svg+xml" }), name(figure, "svg"));
    }),
    button(figure.dataset.png ?? "PNG", async (picture) => save(await pngFile(picture), name(figure, "png"))),
  );
  const link = figure.querySelector("[data-plain]");
  if (link) link.replaceWith(saves);
  else (figure.querySelector("figcaption") ?? figure).append(saves);
  tips(figure);

  function button(text: string, work: (picture: SVGSVGElement) => void | Promise<void>): HTMLButtonElement {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "quiet";
    made.textContent = text;
    const title = figure.querySelector("svg > title[id]");
    if (title) made.setAttribute("aria-describedby", title.id);
    made.addEventListener("click", async () => {
      const shown = [...figure.querySelectorAll("svg")].find((one) => one.getClientRects().length > 0);
      if (!shown) return;
      made.disabled = true;
      try {
        await work(shown);
      } finally {
        made.disabled = false;
      }
    });
    return made;
  }
}

function name(figure: HTMLElement, ending: string): string {
  return named(figure.dataset.name ?? figure.querySelector("svg > title")?.textContent ?? document.title, ending);
}
