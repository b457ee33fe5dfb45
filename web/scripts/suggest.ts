// Suggestions while somebody types: an input with `data-suggest`, an address, becomes a combobox (ARIA 1.2).
// What is chosen fills the input with its code; or, as further attributes say:
//   data-suggest-value="ID"    the element with this id gets the code, the input shows the name
//   data-suggest-label         the input shows the name and sends that
//   data-suggest-filter='{"capability": "capability", …}'  the page is asked for anew with the code as a parameter, by
//                              kind; a thing of another kind is gone to
//   data-suggest-submit        the form is sent at once
//   data-suggest-kinds='{"capability": "Capability", …}'   what each kind is called, shown with each suggestion
// The event `suggest:chosen` comes first, with the suggestion; who prevents its default does the rest alone.

interface Item {
  value: string;
  label: string;
  language: string;
  kind: string;
  because: string;
  because_language: string;
  url?: string;
  region?: string;
  within?: string;
}

const WAIT = 120;
const LEAST = 2;
let lists = 0;

class Combobox {
  private readonly list = document.createElement("ul");
  private items: Item[] = [];
  private active = -1;
  private timer = 0;
  private asking?: AbortController;

  constructor(private readonly input: HTMLInputElement) {
    this.list.id = `suggestions-${(lists += 1)}`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.labels?.[0]?.textContent?.trim() ?? input.getAttribute("aria-label") ?? "");
    this.list.hidden = true;
    input.after(this.list);
    input.parentElement?.classList.add("suggesting");
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    }))
      input.setAttribute(name, value);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest("[role=option]");
      if (option) this.choose(Array.from(this.list.children).indexOf(option));
    });
  }

  private typed(): void {
    const target = this.target();
    if (target) target.value = "";
    clearTimeout(this.timer);
    this.asking?.abort();
    const text = this.input.value.trim();
    if (text.length < LEAST) this.close();
    else this.timer = window.setTimeout(() => void this.ask(text), WAIT);
  }

  private async ask(text: string): Promise<void> {
    this.asking = new AbortController();
    const address = new URL(this.input.dataset.suggest ?? "", location.href);
    address.searchParams.set("q", text);
    if (!address.searchParams.has("lang")) address.searchParams.set("lang", document.documentElement.lang);
    try {
      const answer = await fetch(address, { signal: this.asking.signal, headers: { Accept: "application/json" } });
      const found = answer.ok ? ((await answer.json()) as { items: Item[] }).items : [];
      if (document.activeElement === this.input) this.show(found);
    } catch {
      this.close(); // overtaken by the next letter, or no connection: the field works as it is
    }
  }

  private show(items: Item[]): void {
    this.items = items;
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...items.map((item, at) => this.option(item, at)));
    this.list.style.top = `${this.input.offsetTop + this.input.offsetHeight + 4}px`;
    this.list.style.left = `${this.input.offsetLeft}px`;
    this.list.style.minWidth = `${this.input.offsetWidth}px`;
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
  }

  private option(item: Item, at: number): HTMLLIElement {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(said(item.label, item.language, "suggested"));
    const names = JSON.parse(this.input.dataset.suggestKinds ?? "{}") as Record<string, string>;
    const kind = names[item.kind];
    if (kind) option.append(" ", said(kind, "", "kind"));
    const why = item.because || item.within || "";
    if (why) option.append(" ", said(why, item.because ? item.because_language : "", "because"));
    return option;
  }

  private pressed(event: KeyboardEvent): void {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) {
        if (this.items.length) this.show(this.items);
        else this.typed();
        return;
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      const count = this.items.length;
      this.mark(this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    }
  }

  private mark(at: number): void {
    this.active = at;
    for (const [number, option] of Array.from(this.list.children).entries()) {
      option.setAttribute("aria-selected", String(number === at));
      if (number === at) {
        this.input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    }
  }

  private choose(at: number): void {
    const item = this.items[at];
    if (!item) return;
    this.close();
    const chosen = new CustomEvent("suggest:chosen", { detail: item, bubbles: true, cancelable: true });
    if (!this.input.dispatchEvent(chosen)) return;
    if (this.input.dataset.suggestFilter) {
      this.go(item, JSON.parse(this.input.dataset.suggestFilter) as Record<string, string>);
      return;
    }
    const target = this.target();
    if (target) target.value = item.value;
    this.input.value = target || this.input.dataset.suggestLabel !== undefined ? item.label : item.value;
    if (this.input.dataset.suggestSubmit !== undefined) this.input.form?.requestSubmit();
  }

  private go(item: Item, names: Record<string, string>): void {
    const here = new URL(location.href);
    const name = names[item.kind];
    if (name) {
      for (const one of ["q", "after"]) here.searchParams.delete(one);
      if (!here.searchParams.getAll(name).includes(item.value)) here.searchParams.append(name, item.value);
      location.assign(here);
    } else if (item.url) {
      const there = new URL(item.url, here);
      const lang = here.searchParams.get("lang");
      if (lang) there.searchParams.set("lang", lang);
      location.assign(there);
    }
  }

  private target(): HTMLInputElement | null {
    const id = this.input.dataset.suggestValue;
    return id ? (document.getElementById(id) as HTMLInputElement | null) : null;
  }

  private close(): void {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function said(text: string, language: string, name: string): HTMLSpanElement {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  if (language && language !== document.documentElement.lang) span.lang = language;
  return span;
}

for (const input of document.querySelectorAll<HTMLInputElement>("input[data-suggest]")) new Combobox(input);
