// A page that shows the result of a question as a table: offers its map and its chart above it.
import { type Row } from "./parts/terms";
import { show } from "./parts/views";

const section = document.querySelector<HTMLElement>("[data-results]");

// A town stands for the region that it lies in: the questions are about regions.
document.addEventListener("suggest:chosen", (event) => {
  const { detail, target } = event as CustomEvent<{ kind: string; region?: string }>;
  if (!(target instanceof HTMLInputElement) || detail.kind !== "place" || !detail.region) return;
  event.preventDefault();
  target.value = detail.region;
});
if (section) void start(section, section.dataset.results ?? "");

async function start(section: HTMLElement, address: string): Promise<void> {
  const answer = await fetch(address, { headers: { Accept: "application/sparql-results+json" } }).catch(() => undefined);
  if (!answer?.ok) return;
  const data = (await answer.json()) as { head: { vars?: string[] }; results?: { bindings: Row[] } };
  show(section, { names: data.head.vars ?? [], rows: data.results?.bindings ?? [] }, undefined);
}
