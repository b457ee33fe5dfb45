// Terms of SPARQL results as elements: own things link inside the site, others outside where that is safe, texts keep
// their language. All by DOM methods, so that no data become markup.

import { made } from "./words";

export interface Term {
  type: "uri" | "literal" | "typed-literal" | "bnode" | "triple";
  value: string;
  "xml:lang"?: string;
  datatype?: string;
}
export type Row = Record<string, Term | undefined>;

const OWN = "https://w3id.org/infrashare/";
const NUTS = "http://data.europa.eu/nuts/code/";
const NACE = "http://data.europa.eu/ux2/nace2/";
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMERIC = new Set(["integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger", "positiveInteger"].map((name) => XSD + name));
const KINDS = new Set(["facility", "equipment", "service", "organisation", "policy-instrument", "practice", "action-plan", "event", "project"]);

let prefixes: [string, string][] | undefined;

/** The prefixes of the house, from the page; an empty list where it has none. */
export function known(): [string, string][] {
  prefixes ??= Object.entries(JSON.parse(document.getElementById("prefixes")?.textContent ?? "{}") as Record<string, string>);
  return prefixes;
}

/** An IRI with a prefix, or as it is. */
export function compact(iri: string): string {
  for (const [prefix, base] of known()) {
    const local = iri.slice(base.length);
    if (iri.startsWith(base) && /^[\w.-]*$/.test(local)) return `${prefix}:${local}`;
  }
  return iri;
}

/** The page of this site that is about an IRI. */
export function inside(iri: string): string | undefined {
  let path: string | undefined;
  if (iri.startsWith(`${OWN}id/`)) {
    const [kind = "", slug] = iri.slice(OWN.length + 3).split("/");
    path = KINDS.has(kind) && slug ? `/id/${kind}/${slug}` : undefined;
  } else if (iri.startsWith(`${OWN}codelist/`)) path = `/codelists/${iri.slice(OWN.length + 9)}`;
  else if (iri.startsWith(`${OWN}ontology#`)) path = `/ontology#${iri.slice(OWN.length + 9)}`;
  else if (iri.startsWith(`${OWN}graph/`)) path = `/contributions#${iri.slice(OWN.length + 6).replaceAll("/", "-")}`;
  else if (iri.startsWith(NUTS) && /^\w+$/.test(iri.slice(NUTS.length))) path = `/regions/${iri.slice(NUTS.length)}`;
  else if (iri.startsWith(NACE)) path = `/codelists/nace/${encodeURIComponent(iri.slice(NACE.length))}`;
  return path;
}

/** Whether a term is a number. */
export function isNumber(term: Term | undefined): boolean {
  return term !== undefined && NUMERIC.has(term.datatype ?? "") && Number.isFinite(Number(term.value));
}

/** What a cell of a table shows of a term. */
export function shown(term: Term | undefined): Node {
  if (!term) return made("span", { class: "from" }, "–");
  if (term.type === "uri") return iri(term.value);
  if (term.type === "bnode") return document.createTextNode(`_:${term.value}`);
  if (term.type === "triple") return made("code", {}, JSON.stringify(term.value));
  if (isNumber(term)) return document.createTextNode(Number.isInteger(Number(term.value)) ? number(Number(term.value)) : term.value);
  const parts = document.createDocumentFragment();
  const text = made("span", {}, term.value);
  const tongue = term["xml:lang"];
  if (tongue) text.lang = tongue;
  parts.append(text);
  if (tongue) parts.append(" ", made("span", { class: "tongue" }, tongue));
  else if (term.datatype && !term.datatype.endsWith("#string")) parts.append(" ", made("span", { class: "tongue" }, compact(term.datatype)));
  return parts;
}

function iri(value: string): Node {
  const path = inside(value);
  const isPart = value.includes("/.well-known/genid/");
  const text = isPart ? `_:${value.slice(-8)}` : compact(value).replace(`${OWN}id/`, "").replace(`${OWN}codelist/`, "").replace(`${OWN}graph/`, "");
  if (isPart || !(path || /^https?:\/\//.test(value))) return made("span", {}, text);
  return made("a", { class: "iri", href: path ?? value, title: value, ...(!path && { rel: "external noreferrer" }) }, text);
}

/** A number as the language of the page writes it. */
export function number(value: number): string {
  return new Intl.NumberFormat(document.documentElement.lang).format(value);
}
