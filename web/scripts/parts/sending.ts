// Requests that bear a token, and what is said about their answers. The token is handed through and kept nowhere.
import { has, made, word } from "./words";

interface Finding {
  line?: number;
  label?: string;
  message: string;
  severity: string;
}

export interface Problem {
  type: string;
  detail: string;
  errors: Finding[];
}

export interface Receipt {
  partner: string;
  dataset: string;
  version: number;
  revision: number;
  unchanged: boolean;
  dry_run: boolean;
  triples: { total: number; added: number; removed: number };
  quality: { level: string; score: number } | null;
  changes?: { summary: string; added: string[]; removed: string[]; entities: Entity[] };
}

interface Entity {
  kind: "added" | "removed" | "changed";
  text: string;
  changes: { kind: "added" | "removed" | "changed"; text: string }[];
}

/** An answer: a receipt with its entity tag, or a problem with the seconds to wait; neither where nothing came back. */
export interface Answer {
  receipt?: Receipt;
  etag?: string;
  problem?: Problem;
  wait?: string;
}

const MOST = 500;
const SIGNS = { added: "+", removed: "−", changed: "~" };

/** Send a request with a token. */
export async function send(method: string, address: string, token: string, headers: Record<string, string>, body: string): Promise<Answer> {
  try {
    const answer = await fetch(address, {
      method,
      body,
      cache: "no-store",
      credentials: "omit",
      headers: { ...headers, Accept: "application/json", Authorization: `Bearer ${token}` },
    });
    const told: unknown = await answer.json();
    if (answer.ok) return { receipt: told as Receipt, etag: answer.headers.get("ETag") ?? undefined };
    return { problem: told as Problem, wait: answer.headers.get("Retry-After") ?? undefined };
  } catch (error) {
    console.info(error);
    return {};
  }
}

/** The name of a kind of problem. */
export function kindOf(problem: Problem): string {
  return problem.type.replace(/^\/problems\//, "");
}

/** What went wrong and what helps, in words of the page; those of the service stand behind. */
export function explained(answer: Answer, values: Record<string, string>): HTMLElement {
  const { problem } = answer;
  if (!problem) return made("div", { class: "note" }, made("p", {}, word("unreachable")));
  const name = kindOf(problem);
  const said = has(name) ? word(name, { ...values, seconds: answer.wait ?? "" }) : word("failed");
  const box = made("div", { class: "note" }, made("p", {}, made("strong", {}, "✗ "), said));
  const faults = problem.errors.filter((error) => error.line !== undefined || name === "does-not-conform");
  if (faults.length) {
    const items = faults.slice(0, 20).map((fault) => {
      const where = fault.line === undefined ? "" : `${word("line", { line: fault.line })}: `;
      return made("li", {}, `${where}${fault.label ? `${fault.label}: ` : ""}${fault.message}`);
    });
    box.append(made("ul", {}, ...items));
  }
  box.append(
    made("details", {}, made("summary", {}, word("in-service-words")), made("p", { lang: "en" }, problem.detail)),
  );
  return box;
}

/** A receipt: what it says in a sentence, the numbers, and what changes. */
export function receiptOf(receipt: Receipt, isNew: boolean): HTMLElement {
  const name = `${receipt.partner}/${receipt.dataset}`;
  const values = { name, version: receipt.version };
  const box = made("div", { class: "receipt" });
  let said = receipt.unchanged ? "stayed" : "became";
  if (receipt.dry_run) said = receipt.unchanged ? "would-stay" : isNew ? "new" : "would-become";
  box.append(made("p", { class: "label" }, word(said, values)));
  const facts = made("dl", { class: "facts" });
  const fact = (key: string, value: string): void => facts.append(made("dt", {}, word(key)), made("dd", {}, value));
  const number = (value: number): string => value.toLocaleString(document.documentElement.lang);
  fact("added", number(receipt.triples.added));
  fact("removed", number(receipt.triples.removed));
  fact("total", number(receipt.triples.total));
  if (receipt.quality) {
    const share = receipt.quality.score.toLocaleString(document.documentElement.lang, { style: "percent" });
    fact("quality", `${word(`level-${receipt.quality.level}`)}, ${share}`);
  }
  if (!receipt.dry_run) fact("revision", number(receipt.revision));
  box.append(facts);
  if (receipt.changes && !receipt.unchanged) box.append(...changesOf(receipt.changes));
  if (!receipt.dry_run) {
    const where = `/contributions/${receipt.partner}/${receipt.dataset}`;
    const tongue = new URLSearchParams(location.search).get("lang");
    const kept = tongue ? `lang=${encodeURIComponent(tongue)}` : "";
    box.append(
      made(
        "p",
        {},
        made("a", { href: `${where}/versions${kept ? `?${kept}` : ""}` }, word("see-history")),
        " · ",
        made("a", { href: `${where}/diff?from=${receipt.version - 1}&to=${receipt.version}${kept ? `&${kept}` : ""}` }, word("see-changes")),
      ),
    );
  }
  return box;
}

function changesOf(changes: NonNullable<Receipt["changes"]>): HTMLElement[] {
  const lines = changes.entities.flatMap((entity) =>
    entity.kind === "changed" && entity.changes.length ? entity.changes.map(({ kind, text }) => ({ kind, text })) : [{ kind: entity.kind, text: entity.text }],
  );
  const byEntity = made("details", { open: "" }, made("summary", {}, word("changes")), made("p", {}, changes.summary));
  if (lines.length > MOST) byEntity.append(made("p", {}, word("not-all", { number: MOST })));
  byEntity.append(made("ul", { class: "plain" }, ...lines.slice(0, MOST).map(({ kind, text }) => made("li", {}, `${SIGNS[kind]} ${text}`))));
  const triples = [
    ...changes.removed.map((triple) => ({ gone: true, triple })),
    ...changes.added.map((triple) => ({ gone: false, triple })),
  ];
  const box = made("pre", { class: "triples", tabindex: "0", role: "group", "aria-label": word("statements") });
  for (const { gone, triple } of triples.slice(0, MOST)) {
    box.append(made("span", { class: gone ? "gone" : "new" }, `${gone ? "−" : "+"} ${triple}\n`));
  }
  const asTriples = made("details", {}, made("summary", {}, word("statements")));
  if (triples.length > MOST) asTriples.append(made("p", {}, word("not-all", { number: MOST })));
  asTriples.append(box);
  return [byEntity, asTriples];
}

/** Put something in a box that was empty, and lead there whoever listens or uses the keyboard. */
export function put(box: HTMLElement, ...what: Node[]): void {
  box.replaceChildren(...what);
  box.hidden = what.length === 0;
  if (what.length) box.focus();
}

/** A key for one attempt: the service answers the same however often it is sent. */
export function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
