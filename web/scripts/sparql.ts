// The page to ask in SPARQL: runs the query in place, shows the result in views, and marks errors where they are.
// A link to a query holds it behind the # of the address, so that opening the page alone sends it nowhere.
import { filters } from "./parts/filter";
import { number, type Row } from "./parts/terms";
import { filled } from "./parts/words";
import { type Result, show, type View } from "./parts/views";

interface Problem {
  type?: string;
  title?: string;
  detail?: string;
  errors?: { message: string; line?: number; column?: number }[];
}
interface Desk {
  text(): string;
  put(text: string): void;
  mark(errors: { message: string; line: number; column: number }[]): void;
  go(line: number, column: number): void;
}

const form = document.querySelector<HTMLFormElement>("#sparql");
const area = document.querySelector<HTMLTextAreaElement>("#query");
if (form && area) start(form, area);

function start(form: HTMLFormElement, area: HTMLTextAreaElement): void {
  const find = <T extends HTMLElement>(selector: string): T => document.querySelector<T>(selector) as T;
  const [state, problem, section, cancel] = [find("#state"), find("#problem"), find("#results"), find<HTMLButtonElement>("#cancel")];
  const revision = find<HTMLInputElement>("#revision");
  const place = find<HTMLButtonElement>("#problem [data-place]");
  let desk: Desk = plainDesk(area);
  let under: AbortController | undefined;
  let asked = { query: "", revision: "", view: "table" as View };

  find("#format-field").hidden = true;
  const format = find<HTMLSelectElement>("#format");
  format.disabled = true;
  filters();

  void import("./parts/desk").then(({ open }) => {
    desk = open(form, area, () => void run());
    find("#keys").hidden = false;
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
  cancel.addEventListener("click", () => under?.abort("cancelled"));
  find("#example-list").addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-example]") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void example(link);
  });
  window.addEventListener("hashchange", () => follow());
  follow();

  /** Take the query of a link, with its revision and view, and run it. */
  function follow(): void {
    const told = new URLSearchParams(location.hash.slice(1));
    const query = told.get("query");
    if (!query || query === asked.query) return;
    desk.put(query);
    revision.value = told.get("revision") ?? "";
    void run((told.get("view") ?? "table") as View);
  }

  async function example(link: HTMLAnchorElement): Promise<void> {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } }).catch(() => undefined);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : undefined;
    const other = page?.querySelector<HTMLTextAreaElement>("#query");
    if (!other) {
      location.assign(link.href);
      return;
    }
    desk.put(other.value);
    problem.hidden = true;
    const label = form.querySelector("label[for=query]");
    if (label) label.textContent = page?.querySelector("label[for=query]")?.textContent ?? label.textContent;
    const narrow = form.getBoundingClientRect().top < 0 || matchMedia("(max-width: 60rem)").matches;
    if (narrow) form.scrollIntoView({ block: "start" });
  }

  async function run(view: View = asked.view): Promise<void> {
    under?.abort("again");
    const mine = (under = new AbortController());
    asked = { query: desk.text(), revision: revision.value.trim(), view };
    state.textContent = state.dataset.running ?? "";
    cancel.hidden = false;
    problem.hidden = true;
    section.ariaBusy = "true";
    desk.mark([]);
    const started = performance.now();
    try {
      const answer = await fetch(`/sparql${asked.revision ? `?revision=${encodeURIComponent(asked.revision)}` : ""}`, {
        method: "POST",
        headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json, text/turtle;q=0.9" },
        body: asked.query,
        signal: mine.signal,
      });
      const text = await answer.text();
      if (mine !== under) return;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (answer.ok) shown(text, answer.headers, seconds);
      else refused(text);
    } catch {
      if (mine !== under) return;
      state.textContent = (mine.signal.aborted ? state.dataset.cancelled : state.dataset.lost) ?? "";
    }
    cancel.hidden = true;
    section.ariaBusy = "false";
  }

  function shown(text: string, headers: Headers, seconds: string): void {
    const isTable = (headers.get("content-type") ?? "").includes("json");
    const data = isTable ? (JSON.parse(text) as { head: { vars?: string[] }; boolean?: boolean; results?: { bindings: Row[] } }) : undefined;
    const result: Result = { names: data?.head.vars ?? [], rows: data?.results?.bindings ?? [] };
    const at = headers.get("dataset-revision") ?? "";
    const values = { rows: number(result.rows.length), seconds: number(Number(seconds)), revision: at };
    state.textContent = filled(isTable && data?.boolean === undefined ? state.dataset.rows : state.dataset.graph, values);
    section.hidden = false;
    const said = find("[data-answer]");
    said.hidden = data?.boolean === undefined;
    said.textContent = (data?.boolean ? said.dataset.yes : said.dataset.no) ?? "";
    const choose = show(section, result, pretty(text, isTable), (view) => {
      asked.view = view;
      address(at);
    });
    choose(isTable && data?.boolean === undefined ? asked.view : "response");
    for (const link of section.querySelectorAll<HTMLAnchorElement>("a[data-format]")) {
      link.hidden = (link.dataset.of === "table") !== isTable;
      link.href = `/sparql?${new URLSearchParams({ query: asked.query, format: link.dataset.format ?? "", revision: at })}`;
    }
    address(at);
    if (section.getBoundingClientRect().top > window.innerHeight * 0.85) section.scrollIntoView({ block: "nearest" });
  }

  /** The link holds the revision that answered; the address of this page only one that was asked for. */
  function address(at: string): void {
    const told = { query: asked.query, ...(asked.view === "table" ? {} : { view: asked.view }) };
    const page = new URL(location.href);
    page.searchParams.delete("example");
    page.hash = String(new URLSearchParams({ ...told, revision: at }));
    find<HTMLAnchorElement>("#permalink").href = page.href;
    page.hash = String(new URLSearchParams({ ...told, ...(asked.revision ? { revision: asked.revision } : {}) }));
    history.replaceState(null, "", page);
  }

  function refused(text: string): void {
    let told: Problem = {};
    try {
      told = JSON.parse(text) as Problem;
    } catch {
      told = { detail: text.slice(0, 300) };
    }
    state.textContent = "";
    const kind = told.type?.split("/").pop() ?? "";
    find("#problem [data-title]").textContent = told.title ?? "";
    find("#problem [data-detail]").textContent = told.detail ?? "";
    for (const one of problem.querySelectorAll<HTMLElement>("[data-kind]")) one.hidden = one.dataset.kind !== kind;
    const more = find<HTMLAnchorElement>("#problem [data-more]");
    more.hidden = !kind;
    more.href = told.type ?? "";
    const marks = (told.errors ?? []).flatMap(({ message, line, column }) => (line && column ? [{ message, line, column }] : []));
    const first = marks[0];
    place.hidden = !first;
    if (first) {
      place.textContent = filled(place.dataset.text, { line: String(first.line), column: String(first.column) });
      place.onclick = () => desk.go(first.line, first.column);
    }
    desk.mark(marks);
    problem.hidden = false;
  }
}

function pretty(text: string, isJson: boolean): string {
  return isJson && text.length < 1_000_000 ? JSON.stringify(JSON.parse(text), null, 1) : text;
}

/** The text field alone, until the editor is there. */
function plainDesk(area: HTMLTextAreaElement): Desk {
  const at = (line: number, column: number): number => area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + column - 1;
  return {
    text: () => area.value,
    put: (text) => {
      area.value = text;
    },
    mark: () => undefined,
    go: (line, column) => {
      area.focus();
      area.setSelectionRange(at(line, column), at(line, column));
    },
  };
}
