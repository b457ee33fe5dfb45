// The editor of a contribution: colours for its format, and marks at the lines, in the gutter and under the text.
import { redo, undo } from "@codemirror/commands";
import { StreamLanguage } from "@codemirror/language";
import { json } from "@codemirror/legacy-modes/mode/javascript";
import { turtle } from "@codemirror/legacy-modes/mode/turtle";
import { xml } from "@codemirror/legacy-modes/mode/xml";
import { lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Compartment, Prec, RangeSet, StateEffect, StateField, type EditorState, type Extension, type Range } from "@codemirror/state";
import { EditorView, gutter, GutterMarker, keymap } from "@codemirror/view";
import { editor } from "./editor";
import { word } from "./words";

/** What is said at a place of the text; lines and columns count from 1. */
export interface Mark {
  line: number;
  column?: number;
  severity: "error" | "violation" | "warning" | "info";
  code: string;
  message: string;
  suggestion?: string;
}

const RANK = ["info", "warning", "violation", "error"];
const SIGNS: Record<string, string> = { error: "✗", violation: "✗", warning: "!", info: "i" };
const LANGUAGES: Record<string, Extension> = {
  turtle: StreamLanguage.define(turtle),
  "n-triples": StreamLanguage.define(turtle),
  "json-ld": StreamLanguage.define(json),
  "rdf-xml": StreamLanguage.define(xml),
};

class Sign extends GutterMarker {
  constructor(
    readonly severity: string,
    readonly text: string,
  ) {
    super();
  }

  override eq(other: Sign): boolean {
    return this.severity === other.severity && this.text === other.text;
  }

  override toDOM(): Node {
    const sign = document.createElement("span");
    sign.className = `sign sign-${this.severity}`;
    sign.textContent = SIGNS[this.severity] ?? "·";
    sign.title = this.text;
    return sign;
  }
}

const setSigns = StateEffect.define<RangeSet<GutterMarker>>();
const signs = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setSigns)) return effect.value;
    return value.map(transaction.changes);
  },
});

const theme = EditorView.theme({
  "&": { height: "min(32rem, 75vh)" },
  ".cm-scroller": { minHeight: "0", maxHeight: "none" },
  ".cm-signs": { width: "1.6rem", textAlign: "center" },
  ".sign": { display: "inline-block", width: "1.2rem", lineHeight: "1.2rem", fontWeight: "700", textAlign: "center", border: "1px solid currentColor" },
  ".sign-error, .sign-violation": { color: "var(--bad)", borderRadius: "50%" },
  ".sign-warning": { color: "var(--open)", borderRadius: "0.2rem" },
  ".sign-info": { color: "var(--soft)", borderStyle: "dotted", borderRadius: "50%" },
  ".cm-lintRange": { backgroundImage: "none !important", textDecorationThickness: "2px", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--bad)" },
  ".cm-lintRange-warning": { textDecoration: "underline dashed var(--open)" },
  ".cm-lintRange-info": { textDecoration: "underline dotted var(--soft)" },
  ".cm-diagnostic": { padding: "0.4rem 0.6rem", borderLeft: "4px solid var(--edge)", maxWidth: "36rem", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--open)" },
});

/** The editor with what the page does with it. */
export class TurtleEditor {
  readonly view: EditorView;
  private readonly language = new Compartment();

  constructor(area: HTMLTextAreaElement, changed: () => void) {
    this.view = editor(area, [
      Prec.high(theme),
      EditorView.contentAttributes.of({ tabindex: "0" }),
      this.language.of([]),
      signs,
      gutter({ class: "cm-signs", markers: (view) => view.state.field(signs), initialSpacer: () => new Sign("violation", "") }),
      keymap.of(lintKeymap),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed();
      }),
    ]);
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Show the colours of a format. */
  speak(format: string): void {
    this.view.dispatch({ effects: this.language.reconfigure(LANGUAGES[format] ?? []) });
  }

  /** Change the text where the new one differs, so that the place, and what can be undone, stay. */
  become(text: string): void {
    const before = this.text;
    if (before === text) return;
    let start = 0;
    const shorter = Math.min(before.length, text.length);
    while (start < shorter && before[start] === text[start]) start++;
    let end = 0;
    while (end < shorter - start && before[before.length - 1 - end] === text[text.length - 1 - end]) end++;
    this.view.dispatch({
      changes: { from: start, to: before.length - end, insert: text.slice(start, text.length - end) },
      userEvent: "input.fix",
    });
  }

  /** Put marks at lines, in the place of those that were there. */
  mark(marks: Mark[]): void {
    const state = this.view.state;
    const there = marks.filter((mark) => mark.line >= 1 && mark.line <= state.doc.lines);
    const spec = setDiagnostics(state, there.map((mark) => diagnostic(state, mark)));
    this.view.dispatch(spec, { effects: setSigns.of(signsOf(state, there)) });
  }

  /** Go to a place and show it. */
  go(line: number, column = 1): void {
    const { doc } = this.view.state;
    const there = doc.line(Math.min(Math.max(1, line), doc.lines));
    const at = Math.min(there.from + Math.max(0, column - 1), there.to);
    this.view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.view.focus();
  }

  undo(): boolean {
    return undo(this.view);
  }

  redo(): boolean {
    return redo(this.view);
  }
}

function diagnostic(state: EditorState, mark: Mark): Diagnostic {
  const line = state.doc.line(mark.line);
  const from = Math.min(line.from + Math.max(0, (mark.column ?? 1) - 1), line.to);
  const rest = line.text.slice(from - line.from);
  const length = mark.column ? (/^("(?:[^"\\]|\\.)*"\S*|<[^>]*>|[^\s;,]+)/.exec(rest)?.[0].length ?? rest.length) : rest.length;
  const level = mark.severity === "violation" ? "error" : mark.severity;
  const suggestion = mark.suggestion ? `\n→ ${mark.suggestion}` : "";
  return {
    from,
    to: Math.min(from + length, line.to),
    severity: level,
    message: `${word(`severity-${mark.severity}`)}: ${mark.message}${suggestion}`,
  };
}

/** One sign a line: that of the most serious mark, with the words of all. */
function signsOf(state: EditorState, marks: Mark[]): RangeSet<GutterMarker> {
  const lines = new Map<number, Mark[]>();
  for (const mark of marks) lines.set(mark.line, [...(lines.get(mark.line) ?? []), mark]);
  const ranges: Range<GutterMarker>[] = [...lines].map(([line, told]) => {
    const most = told.reduce((a, b) => (RANK.indexOf(b.severity) > RANK.indexOf(a.severity) ? b : a));
    const text = told.map((mark) => `${word(`severity-${mark.severity}`)}: ${mark.message}`).join("\n");
    return new Sign(most.severity, text).range(state.doc.line(line).from);
  });
  return RangeSet.of(ranges, true);
}
