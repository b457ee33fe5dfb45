// What the editor suggests: prefixes, and the classes, properties and graphs that the VoID description of the dataset
// counts, with their names in the reader's language; entries of code lists by any word in nine languages; variables.
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { compact, known, number, type Row } from "./terms";
import { filled } from "./words";

interface Word {
  iri: string;
  text: string;
  name: string;
  kind: "class" | "property" | "graph";
  count: number;
}

const VOID = "http://rdfs.org/ns/void#";
const KEYWORDS = "SELECT DISTINCT WHERE OPTIONAL FILTER GRAPH UNION MINUS BIND VALUES ORDER BY GROUP BY HAVING LIMIT OFFSET CONSTRUCT DESCRIBE ASK PREFIX COUNT FROM NAMED EXISTS LANG STR CONTAINS LCASE COALESCE GROUP_CONCAT UNDEF".split(" ");
const FEWEST = 3;

/** A source of suggestions in the language and with the texts of a form. */
export function suggestions(form: HTMLFormElement): CompletionSource {
  let words: Promise<Word[]> | undefined;
  const lang = form.dataset.lang ?? "en";
  const found = new Map<string, Promise<Row[]>>();
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const before = context.matchBefore(/[?$]\w*|<[^<>\s]*|[\w-]*:[\w.-]*|[\p{L}][\p{L}\w-]*/u);
    if (!before && !context.explicit) return null;
    const [typed, from] = [before?.text ?? "", before?.from ?? context.pos];
    if (/^[?$]/.test(typed)) return { from, options: variables(context, typed), filter: false };
    const inside = context.state.doc.lineAt(context.pos).text.slice(0, context.pos - context.state.doc.lineAt(context.pos).from);
    if (/^\s*#/.test(inside) || /"[^"]*$/.test(inside.replace(/"[^"]*"/g, ""))) return null;
    words ??= vocabulary(lang);
    const sought = typed.replace(/^</, "").toLowerCase();
    const isGraph = /\b(GRAPH|FROM|NAMED)\s+\S*$/i.test(inside);
    const isClass = /(\ba|rdf:type)\s+\S*$/.test(inside);
    const options: Completion[] = [];
    for (const word of await words) {
      if ((word.kind === "graph") !== isGraph || (isClass && word.kind !== "class")) continue;
      const rank = ranked(word, sought);
      if (sought && rank < 0) continue;
      options.push(option(word.text, word.name, form, word, rank));
    }
    if (!isGraph && !isClass) {
      for (const [prefix, base] of known()) {
        if (!sought.includes(":") && `${prefix}:`.startsWith(sought)) options.push({ label: `${prefix}:`, detail: base, boost: 20, apply: put(`${prefix}:`, prefix) });
      }
      for (const word of KEYWORDS) if (sought && word.toLowerCase().startsWith(sought)) options.push({ label: word, boost: 30 });
    }
    const asked = sought.replace(/^[\w-]*:/, "");
    if (!isGraph && !isClass && asked.length >= FEWEST) {
      const rows = await (found.get(asked) ?? remember(found, asked, lang));
      const seen = new Set<string>();
      for (const { concept, name, found: word } of rows) {
        if (!concept || seen.has(concept.value)) continue;
        seen.add(concept.value);
        const text = written(concept.value);
        if (typed.includes(":") && !text.toLowerCase().startsWith(sought.split(":")[0] ?? "")) continue;
        const other = word && name && word.value !== name.value ? ` (${word.value})` : "";
        options.push({ label: text, detail: `${name?.value ?? ""}${other}`, boost: text.startsWith("<") ? -40 : -20, apply: put(text, prefixOf(text)) });
      }
    }
    options.sort((a, b) => (b.boost ?? 0) - (a.boost ?? 0));
    return options.length ? { from, options: options.slice(0, 60), filter: false } : null;
  };
}

function option(label: string, name: string, form: HTMLFormElement, word: Word, rank: number): Completion {
  const count = filled(form.dataset[word.kind], { number: number(word.count) });
  const size = Math.min(9, Math.log10(word.count + 1));
  return { label, detail: [name, count].filter(Boolean).join(" · "), type: word.kind, boost: rank * 10 + size, apply: put(label, prefixOf(label)) };
}

/** How well a word fits what was typed: 2 where it begins so, 1 where it has it, -1 where not. */
function ranked(word: Word, sought: string): number {
  const [text, name] = [word.text.toLowerCase(), word.name.toLowerCase()];
  const local = text.split(/[:/#]/).pop() ?? "";
  if (text.startsWith(sought) || local.startsWith(sought) || name.startsWith(sought)) return 2;
  return text.includes(sought) || name.includes(sought) ? 1 : -1;
}

/** An IRI as it stands in a query. */
function written(iri: string): string {
  const short = compact(iri);
  return short === iri ? `<${iri}>` : short;
}

function prefixOf(text: string): string | undefined {
  return /^([\w-]+):/.exec(text)?.[1];
}

/** Put a text in, and declare its prefix at the top where that is missing. */
function put(text: string, prefix: string | undefined) {
  return (view: EditorView, _: Completion, from: number, to: number): void => {
    const whole = view.state.doc.toString();
    const base = known().find(([name]) => name === prefix)?.[1];
    const isMissing = prefix && base && !new RegExp(`^\\s*PREFIX\\s+${prefix}:`, "im").test(whole);
    const declared = isMissing ? `PREFIX ${prefix}: <${base}>\n` : "";
    const changes = [...(declared ? [{ from: 0, insert: declared }] : []), { from, to, insert: text }];
    view.dispatch({ changes, selection: { anchor: from + declared.length + text.length }, userEvent: "input.complete" });
  };
}

function variables(context: CompletionContext, typed: string): Completion[] {
  const all = new Set(context.state.doc.toString().match(/[?$]\w+/g) ?? []);
  all.delete(typed);
  return [...all].filter((name) => name.slice(1).startsWith(typed.slice(1))).sort().map((label) => ({ label }));
}

async function vocabulary(lang: string): Promise<Word[]> {
  const [description, names] = await Promise.all([text("/.well-known/void", "application/n-triples"), rows(`/queries/browse-terms.json?lang=${lang}`)]);
  const called = new Map(names.map(({ term, name }) => [term?.value, name?.value ?? ""]));
  return described(description).map((word) => ({ ...word, name: called.get(word.iri) ?? "" }));
}

/** The classes, properties and graphs of a VoID description in N-Triples, with their numbers. */
export function described(triples: string): Word[] {
  const [of, counts, graphs] = [new Map<string, { iri: string; kind: Word["kind"] }>(), new Map<string, number>(), new Set<string>()];
  for (const line of triples.split("\n")) {
    const found = /^(\S+) <([^>]+)> (?:<([^>]*)>|"([^"]*)").*\.$/.exec(line);
    if (!found) continue;
    const [, subject = "", property = "", iri = "", value = ""] = found;
    if (property === `${VOID}class`) of.set(subject, { iri, kind: "class" });
    else if (property === `${VOID}property`) of.set(subject, { iri, kind: "property" });
    else if (property === `${VOID}subset`) graphs.add(iri);
    else if (property === `${VOID}entities` || (property === `${VOID}triples` && !counts.has(subject))) counts.set(subject, Number(value));
  }
  const words = [...of].map(([subject, { iri, kind }]) => ({ iri, text: written(iri), name: "", kind, count: counts.get(subject) ?? 0 }));
  const wholes = [...graphs].map((iri): Word => ({ iri, text: `<${iri}>`, name: "", kind: "graph", count: counts.get(`<${iri}>`) ?? 0 }));
  return [...words, ...wholes];
}

function remember(found: Map<string, Promise<Row[]>>, asked: string, lang: string): Promise<Row[]> {
  const answer = rows(`/queries/browse-concepts.json?${new URLSearchParams({ q: asked, lang })}`);
  found.set(asked, answer);
  return answer;
}

async function rows(address: string): Promise<Row[]> {
  const answer = await text(address, "application/sparql-results+json");
  return answer ? (JSON.parse(answer) as { results: { bindings: Row[] } }).results.bindings : [];
}

/** What an address says, nothing where it cannot be had: suggestions are a help, not more. */
async function text(address: string, accept: string): Promise<string> {
  const answer = await fetch(address, { headers: { Accept: accept } }).catch(() => undefined);
  return answer?.ok ? answer.text() : "";
}
