// The bench: the file in the editor, the form sent behind the scenes, and what was found beside it.
import { TurtleEditor, type Mark } from "./turtle";
import { word } from "./words";

const SHOWN = 1024 * 1024; // as api/check_page.py shows

export class Bench {
  readonly editor: TurtleEditor;
  private readonly area: HTMLTextAreaElement;
  private readonly file: HTMLInputElement;
  private readonly format: HTMLSelectElement;
  private readonly name: HTMLInputElement;
  private readonly working: HTMLElement;
  private checkedText: string | null = null;
  private readonly listeners: (() => void)[] = [];
  private running: AbortController | null = null;

  constructor(private readonly form: HTMLFormElement) {
    this.area = part(form, "#text");
    this.file = part(form, "#file");
    this.format = part(form, "#format");
    this.name = part(form, "input[name=name]");
    this.working = part(form, "#working");
    this.editor = new TurtleEditor(this.area, () => this.listeners.forEach((tell) => tell()));
    this.editor.speak(this.format.value);
    part<HTMLElement>(form, "#editor-hint").hidden = false;
    if (document.querySelector("#marks")) {
      this.checkedText = this.editor.text;
      this.mark();
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.check(event.submitter instanceof HTMLButtonElement ? event.submitter : null);
    });
    form.addEventListener("click", (event) => this.clicked(event));
    this.format.addEventListener("change", () => this.editor.speak(this.format.value));
    this.file.addEventListener("change", () => void this.chosen());
    this.dropping();
    if (this.file.files?.length) void this.chosen(); // chosen before this script was there
  }

  /** The text as it would be sent, and its media type's name among the formats. */
  get text(): string {
    return this.editor.text;
  }

  get kind(): string {
    return this.format.value;
  }

  /** Whether the text was checked as it stands, and conforms. */
  get conforms(): boolean {
    return this.isChecked && Boolean(this.outcome.querySelector("h2 .met"));
  }

  get isChecked(): boolean {
    return this.checkedText === this.text && !this.file.files?.length;
  }

  /** Tell when the text changes. */
  onChange(tell: () => void): void {
    this.listeners.push(tell);
    this.format.addEventListener("change", tell);
  }

  /** Show what was found, from its heading. */
  showOutcome(): void {
    this.outcome.querySelector<HTMLElement>("#outcome-heading")?.focus();
  }

  private get outcome(): HTMLElement {
    return part(document, "#outcome");
  }

  /** Send the form as a browser would, and put what the answer says beside the file. */
  async check(submitter: HTMLButtonElement | null = null): Promise<void> {
    this.running?.abort();
    const running = (this.running = new AbortController());
    this.working.textContent = word("checking");
    this.outcome.setAttribute("aria-busy", "true");
    const text = this.text;
    const body = new FormData(this.form, submitter);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "text/html" }, signal: running.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (running.signal.aborted) return;
      if (page.querySelector("#outcome")) this.show(page, text);
      else this.refuse(page);
    } catch (error) {
      if (running.signal.aborted) return;
      console.info(error);
      this.working.textContent = word("unreachable");
      return;
    } finally {
      if (this.running === running) this.outcome.removeAttribute("aria-busy");
    }
    this.working.textContent = "";
    this.showOutcome();
  }

  /** Take over the report, and the text where the service changed it. */
  private show(page: Document, sent: string): void {
    const area = part<HTMLTextAreaElement>(page, "#text");
    const wasFile = Boolean(this.file.files?.length);
    const changed = area.value !== sent && (area.value !== "" || wasFile);
    this.format.value = part<HTMLSelectElement>(page, "#format").value;
    this.name.value = part<HTMLInputElement>(page, "input[name=name]").value;
    this.outcome.replaceWith(document.adoptNode(part(page, "#outcome")));
    this.editor.speak(this.format.value);
    if (changed && this.text === sent) this.editor.become(area.value);
    if (area.value !== "") this.file.value = "";
    this.checkedText = area.value === "" ? null : area.value;
    this.mark();
    this.listeners.forEach((tell) => tell());
  }

  /** A problem that is about no line, such as too many bytes: its title and its words in the place of the report. */
  private refuse(page: Document): void {
    const heading = document.createElement("h2");
    heading.id = "outcome-heading";
    heading.tabIndex = -1;
    heading.textContent = page.querySelector("main h1")?.textContent ?? word("failed");
    const words = document.createElement("p");
    words.textContent = page.querySelector("main .lead")?.textContent ?? "";
    this.outcome.replaceChildren(heading, words);
    this.checkedText = null;
    this.editor.mark([]);
  }

  private mark(): void {
    const told = document.querySelector("#marks")?.textContent;
    this.editor.mark(told ? (JSON.parse(told) as Mark[]) : []);
  }

  private clicked(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>(".to-line") : null;
    if (!link) return;
    event.preventDefault();
    this.editor.go(Number(link.dataset["line"]), Number(link.dataset["column"] || 1));
  }

  /** A file was chosen: it goes into the editor, unless it is packed or too large, and is checked. */
  private async chosen(): Promise<void> {
    const file = this.file.files?.[0];
    if (!file) return;
    this.format.value = "";
    if (file.size <= SHOWN && !/\.(gz|xlsx?|ods)$/i.test(file.name)) {
      const text = (await file.text()).replaceAll("\r\n", "\n");
      this.file.value = "";
      this.name.value = file.name;
      this.editor.become(text);
    } else {
      this.editor.become("");
    }
    await this.check();
  }

  private dropping(): void {
    const carries = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const over = (event: DragEvent): void => {
      if (!carries(event)) return;
      event.preventDefault();
      event.stopPropagation();
      this.form.classList.add("over");
    };
    this.form.addEventListener("dragenter", over, true);
    this.form.addEventListener("dragover", over, true);
    this.form.addEventListener("dragleave", () => this.form.classList.remove("over"), true);
    this.form.addEventListener(
      "drop",
      (event) => {
        this.form.classList.remove("over");
        const files = event.dataTransfer?.files;
        if (!carries(event) || !files?.length) return;
        event.preventDefault();
        event.stopPropagation();
        this.file.files = files;
        void this.chosen();
      },
      true,
    );
  }
}

function part<T extends Element>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}
