// The editor for SPARQL: colours, suggestions from what the dataset holds, errors at their line, a key that runs it.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { StreamLanguage } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { editor, set } from "./editor";
import { suggestions } from "./suggestions";

interface Mark {
  message: string;
  line: number;
  column: number;
}

/** Put the editor in the place of the text field of a form; `run` is called by Ctrl+Enter or Cmd+Enter. */
export function open(form: HTMLFormElement, area: HTMLTextAreaElement, run: () => void) {
  const view = editor(area, [
    StreamLanguage.define(sparql),
    closeBrackets(),
    autocompletion({ override: [suggestions(form)], icons: false, activateOnTyping: true, maxRenderedOptions: 60 }),
    lintGutter(),
    EditorState.phrases.of({ Completions: form.dataset.completions ?? "" }),
    Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
    keymap.of([...closeBracketsKeymap, ...completionKeymap]),
    EditorView.theme({
      ".cm-tooltip-autocomplete > ul > li": { padding: "0.15rem 0.5rem", minHeight: "1.5rem" },
      ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85", marginLeft: "0.8rem" },
    }),
  ]);
  const place = (line: number, column: number): number => {
    const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    return Math.min(at.from + Math.max(column - 1, 0), at.to);
  };
  return {
    text: () => view.state.doc.toString(),
    put: (text: string) => set(view, text),
    mark: (errors: Mark[]) => {
      const marks = errors.map(({ message, line, column }): Diagnostic => {
        const from = place(line, column);
        const end = view.state.doc.lineAt(from).to;
        return { from: from === end ? Math.max(view.state.doc.lineAt(from).from, from - 1) : from, to: Math.min(end, Math.max(from + 1, from)), severity: "error", message };
      });
      view.dispatch(setDiagnostics(view.state, marks));
    },
    go: (line: number, column: number) => {
      const at = place(line, column);
      view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
      view.focus();
    },
  };
}
