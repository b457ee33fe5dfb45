// A map of points on our own outline of Europe, drawn by Leaflet. No tiles, so no request to anybody else.
import type { Feature, FeatureCollection, Point } from "geojson";
import * as L from "leaflet";
import "leaflet/dist/leaflet.css";
import outline from "../../map/europe.json?url";
import { type Place, markers } from "./markers";

interface Outline {
  countries: { id: string; rings: number[][] }[];
}

const MOST_PAGES = 10;
const EUROPE: L.LatLngBoundsLiteral = [
  [29, -32],
  [74, 52],
];

type Rings = L.LatLngTuple[][][];

let land: Promise<Rings[]> | undefined;

/** Make a map of an element: its points come from `data-geojson`, an address, or `data-inline`, an element of the page. */
export async function draw(element: HTMLElement): Promise<void> {
  const [countries, places] = await Promise.all([outlines(), points(element)]);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const coarse = matchMedia("(pointer: coarse)").matches;
  const map = L.map(element, {
    attributionControl: false,
    zoomControl: false,
    scrollWheelZoom: false,
    dragging: !coarse,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
    inertia: !calm,
    maxZoom: 11,
    zoomSnap: 0.25,
    maxBounds: EUROPE,
    maxBoundsViscosity: 1,
    renderer: L.svg({ padding: 1 }),
  });
  map.setMinZoom(map.getBoundsZoom(EUROPE, true)); // what is outside of the outline never shows
  L.control
    .zoom({ position: "bottomleft", zoomInTitle: element.dataset.zoomIn ?? "+", zoomOutTitle: element.dataset.zoomOut ?? "−" })
    .addTo(map);
  for (const rings of countries) L.polygon(rings, { className: "map-land", interactive: false }).addTo(map);
  if (element.dataset.source) source(element.dataset.source).addTo(map);
  awake(map, element);
  const bounds = L.latLngBounds(places.map(({ at }) => at));
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.05), { maxZoom: 8, padding: [28, 28], animate: false });
  else map.fitBounds(EUROPE, { animate: false });
  markers(map, element, places);
}

/** The wheel and one finger scroll the page until somebody takes up the map. */
function awake(map: L.Map, element: HTMLElement): void {
  element.addEventListener("click", () => {
    map.scrollWheelZoom.enable();
    map.dragging.enable();
  });
  element.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  element.addEventListener("focusout", () => map.scrollWheelZoom.disable());
  element.addEventListener("mouseleave", () => map.scrollWheelZoom.disable());
}

/** Who made the outline, in small letters. */
function source(text: string): L.Control {
  const control = new L.Control({ position: "bottomright" });
  control.onAdd = () => {
    const note = document.createElement("span");
    note.className = "map-source";
    note.textContent = text;
    return note;
  };
  return control;
}

/** The countries as rings of latitude and longitude; the file tells steps in hundredths of a degree. */
function outlines(): Promise<Rings[]> {
  land ??= fetch(outline)
    .then((answer) => answer.json() as Promise<Outline>)
    .then(({ countries }) => countries.map(({ rings }) => rings.map((steps) => [ring(steps)])));
  return land;
}

function ring(steps: number[]): L.LatLngTuple[] {
  const places: L.LatLngTuple[] = [];
  let lon = 0;
  let lat = 0;
  for (let at = 0; at + 1 < steps.length; at += 2) {
    lon += steps[at] ?? 0;
    lat += steps[at + 1] ?? 0;
    places.push([lat / 100, lon / 100]);
  }
  return places;
}

async function points(element: HTMLElement): Promise<Place[]> {
  const { geojson, inline } = element.dataset;
  const features: Feature[] = [];
  if (inline) {
    const text = document.getElementById(inline)?.textContent;
    if (text) features.push(...(JSON.parse(text) as FeatureCollection).features);
  }
  let address: string | undefined = geojson;
  for (let page = 0; address && page < MOST_PAGES; page += 1) {
    const answer: Response = await fetch(address, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    features.push(...((await answer.json()) as FeatureCollection).features);
    address = /<([^>]+)>\s*;\s*rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1];
  }
  return features.flatMap((feature) => place(feature) ?? []);
}

function place(feature: Feature): Place | undefined {
  if (feature.geometry?.type !== "Point") return undefined;
  const [lon, lat] = (feature.geometry as Point).coordinates;
  if (typeof lon !== "number" || typeof lat !== "number") return undefined;
  const said = feature.properties ?? {};
  const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
  return {
    at: [lat, lon],
    label: text(said.label) || text(said.url),
    url: text(said.url),
    note: text(said.note) || text(said.city),
    rank: text(said.rank),
  };
}
