// The tree of a code list: finds while one types, fetches branches that the page left out, opens what a link leads to.
// The pages of the server are the source of all that is shown, so nothing here makes texts of its own.

const form = document.querySelector<HTMLFormElement>("#tree-search");
const part = document.querySelector<HTMLElement>("#tree-part");
let under: AbortController | undefined;

async function fetched(address: string): Promise<Document | undefined> {
  under?.abort();
  under = new AbortController();
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: under.signal });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : undefined;
  } catch {
    return undefined; // a later request took its place, or there is no network: what is shown stays
  }
}

/** Put what a page has in the place of what is shown, element by element, so that the status is told. */
function take(page: Document): void {
  if (!part) return;
  for (const name of [".tree-state", ".tree-list"]) {
    const [mine, other] = [part.querySelector(name), page.querySelector(`#tree-part ${name}`)];
    if (mine && other && name === ".tree-state") mine.replaceChildren(...Array.from(other.childNodes, (one) => document.importNode(one, true)));
    else if (mine && other) mine.replaceWith(document.importNode(other, true));
    else if (mine) mine.remove();
    else if (other) part.append(document.importNode(other, true));
  }
  ready();
}

function ready(): void {
  const tools = part?.querySelector<HTMLElement>(".tree-tools");
  if (tools) tools.hidden = !part?.querySelector(".tree-list details");
}

function reveal(entry: Element, focus: boolean): void {
  for (let above = entry.parentElement?.closest("details"); above; above = above.parentElement?.closest("details")) above.open = true;
  const own = entry.querySelector<HTMLDetailsElement>(":scope > details");
  if (own) own.open = true;
  entry.scrollIntoView({ block: "nearest" });
  if (focus) entry.querySelector<HTMLElement>(":scope > details > summary, :scope > a")?.focus();
}

/** Show the entry that the address leads to, with the branch from the server where it is not on the page. */
async function follow(): Promise<void> {
  const key = decodeURIComponent(location.hash.slice(1));
  if (!key || !part) return;
  const here = document.getElementById(key);
  if (here?.closest("#tree-part")) return reveal(here, false);
  if (here) return;
  const address = new URL(location.href);
  address.searchParams.set("open", key);
  address.hash = "";
  const page = await fetched(address.href);
  if (!page?.getElementById(key)) return;
  take(page);
  const entry = document.getElementById(key);
  if (entry) reveal(entry, false);
}

async function branch(link: HTMLAnchorElement): Promise<void> {
  const entry = link.closest("li");
  const page = await fetched(link.href);
  const other = entry && page?.getElementById(entry.id)?.querySelector(":scope > details");
  if (!entry || !other) {
    location.assign(link.href);
    return;
  }
  const opened = document.importNode(other, true) as HTMLDetailsElement;
  opened.open = true;
  link.replaceWith(opened);
  opened.querySelector("summary")?.focus();
  ready();
}

if (form && part) {
  const field = form.querySelector<HTMLInputElement>("input[name=q]");
  let waiting: number | undefined;
  const find = async (): Promise<void> => {
    const address = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (value) address.searchParams.set(name, String(value));
    const page = await fetched(address.href);
    if (!page) return;
    history.replaceState(null, "", address);
    take(page);
  };
  field?.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void find(), 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(waiting);
    void find();
  });
  part.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const more = target?.closest<HTMLAnchorElement>("a.more");
    const all = target?.closest<HTMLButtonElement>("button[data-open]");
    if (more && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      void branch(more);
    } else if (all) {
      for (const one of part.querySelectorAll<HTMLDetailsElement>(".tree-list details")) one.open = all.dataset.open === "yes";
    }
  });
  window.addEventListener("hashchange", () => void follow());
  ready();
  void follow();
}
