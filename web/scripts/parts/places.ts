// Places in the rows of a result: points in WKT, or columns of latitude and longitude.
import type { Feature, FeatureCollection } from "geojson";
import { compact, inside, type Row, type Term } from "./terms";

const WKT = /^\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)/i;
const LATITUDE = /^(lat|latitude)$|Lat$/;
const LONGITUDE = /^(lon|long|lng|longitude)$|(Lon|Long|Lng)$/;
const NAMES = /Name$|^(name|title|label)$/i;

/** The rows that have a place, as points with what they are called; none where no column has places. */
export function places(names: string[], rows: Row[]): FeatureCollection | undefined {
  const wkt = names.find((name) => rows.some((row) => WKT.test(row[name]?.value ?? "")));
  const [lat, lon] = [LATITUDE, LONGITUDE].map((kind) => names.find((name) => kind.test(name)));
  if (!wkt && !(lat && lon)) return undefined;
  const called = names.find((name) => NAMES.test(name));
  const subject = names.find((name) => rows.some((row) => row[name]?.type === "uri"));
  const seen = new Set<string>();
  const features: Feature[] = [];
  for (const row of rows) {
    const at = wkt ? point(row[wkt]) : pair(row[lon ?? ""], row[lat ?? ""]);
    const iri = subject ? row[subject]?.value : undefined;
    if (!at || seen.has(`${iri} ${at.join()}`)) continue;
    seen.add(`${iri} ${at.join()}`);
    const label = (called && row[called]?.value) || (iri ? compact(iri) : at.join(", "));
    features.push({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { label, url: (iri && inside(iri)) ?? "" } });
  }
  return features.length ? { type: "FeatureCollection", features } : undefined;
}

function point(term: Term | undefined): number[] | undefined {
  const found = WKT.exec(term?.value ?? "");
  return found ? valid(Number(found[1]), Number(found[2])) : undefined;
}

function pair(lon: Term | undefined, lat: Term | undefined): number[] | undefined {
  return lon && lat ? valid(Number(lon.value), Number(lat.value)) : undefined;
}

function valid(lon: number, lat: number): number[] | undefined {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined;
}
