// Which columns of a result make a chart: one that names, and numbers.
import { compact, isNumber, type Row } from "./terms";

export interface Series {
  label: string;
  labels: string[];
  columns: { name: string; values: (number | null)[] }[];
  overTime: boolean;
  /** Whether there are more rows than the chart shows. */
  isPart: boolean;
}

const MOST_ROWS = 40;
const MOST_COLUMNS = 5;
const TIME = /year|date|month|revision/i;
const NO_AMOUNT = /^(lat|lon|long|lng|latitude|longitude)$|(Lat|Lon|Long|Lng)$/;

/** The numbers of a result by the names of its rows; none where it has no such columns. */
export function series(names: string[], rows: Row[]): Series | undefined {
  if (rows.length < 2) return undefined;
  const numeric = names.filter((name) => !NO_AMOUNT.test(name) && rows.some((row) => row[name]) && rows.every((row) => !row[name] || isNumber(row[name])));
  const time = names.find((name) => TIME.test(name) && rows.every((row) => row[name] && row[name]?.type !== "uri"));
  const texts = names.filter((name) => !numeric.includes(name) && rows.some((row) => row[name]));
  const label = time ?? texts.find((name) => /Name$|^(name|title|label)$/i.test(name)) ?? texts[0];
  const amounts = numeric.filter((name) => name !== label).slice(0, MOST_COLUMNS);
  if (!label || !amounts.length) return undefined;
  const part = time ? [...rows].sort((a, b) => (a[time]?.value ?? "").localeCompare(b[time]?.value ?? "", "en", { numeric: true })) : rows.slice(0, MOST_ROWS);
  const kind = texts.find((name) => name !== label && /Name$/.test(name) && new Set(part.map((row) => row[name]?.value)).size > 1);
  return {
    label,
    labels: part.map((row) => [kind && repeats(part, label) ? row[kind]?.value : "", row[label] ? compact(row[label].value) : "–"].filter(Boolean).join(" · ")),
    columns: amounts.map((name) => ({ name, values: part.map((row) => (row[name] ? Number(row[name].value) : null)) })),
    overTime: time !== undefined,
    isPart: part.length < rows.length,
  };
}

function repeats(rows: Row[], name: string): boolean {
  return new Set(rows.map((row) => row[name]?.value)).size < rows.length;
}
