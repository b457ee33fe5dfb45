// The points of a map: one button each, or one for all that would lie on each other, with what is there in a popup.
// One of them is in the order of the Tab key; the arrow keys go on to the next in their direction.
import * as L from "leaflet";

export interface Place {
  at: L.LatLngTuple;
  label: string;
  url: string;
  note: string;
  rank: string;
}

interface Spot {
  places: Place[];
  marker: L.Marker;
}

const APART = 28;
const NAMED = 3;
const WAYS: Record<string, [number, number]> = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/** Put places on a map, those on each other as one, anew with each zoom. Listens to `map:show` with an address. */
export function markers(map: L.Map, element: HTMLElement, places: Place[]): void {
  const layer = L.layerGroup().addTo(map);
  let spots: Spot[] = [];
  let zoom: number | undefined;

  const put = (): void => {
    if (map.getZoom() === zoom) return;
    zoom = map.getZoom();
    const focused = spots.find(({ marker }) => marker.getElement() === document.activeElement)?.places[0];
    layer.clearLayers();
    spots = gathered(map, places).map((together) => spot(together));
    for (const { marker } of spots) marker.addTo(layer);
    spots.forEach(({ places: held, marker }, at) => named(marker, held, at === 0));
    const again = focused && spots.find(({ places: held }) => held.includes(focused));
    again?.marker.getElement()?.focus();
  };

  const spot = (together: Place[]): Spot => {
    const several = together.length > 1;
    const face = document.createElement("span");
    face.textContent = several ? String(together.length) : (together[0]?.rank ?? "");
    const marker = L.marker(middle(together), {
      icon: L.divIcon({ className: several ? "map-spot map-several" : "map-spot", html: face, iconSize: [APART, APART] }),
      riseOnHover: true,
    });
    marker.bindPopup(() => told(map, element, together), { maxWidth: 280, minWidth: 160, maxHeight: 260 });
    return { places: together, marker };
  };

  const go = (event: KeyboardEvent): void => {
    const way = WAYS[event.key];
    const from = spots.find(({ marker }) => marker.getElement() === event.target);
    if (!way || !from) return;
    event.preventDefault();
    event.stopPropagation();
    const next = nearest(map, from, spots, way)?.marker;
    if (!next) return;
    from.marker.getElement()?.setAttribute("tabindex", "-1");
    const button = next.getElement();
    button?.setAttribute("tabindex", "0");
    if (!map.getBounds().contains(next.getLatLng())) map.panTo(next.getLatLng(), { animate: false });
    button?.focus();
  };

  element.addEventListener("keydown", go, { capture: true });
  element.addEventListener("keydown", ({ key }) => key === "Escape" && map.closePopup());
  element.addEventListener("map:show", (event) => {
    const url = (event as CustomEvent<string>).detail;
    spots.find(({ places: held }) => held.some((one) => one.url === url))?.marker.openPopup();
  });
  map.on("popupopen", ({ popup }) => {
    const close = popup.getElement()?.querySelector(".leaflet-popup-close-button");
    if (element.dataset.close) close?.setAttribute("aria-label", element.dataset.close);
    if (element.contains(document.activeElement)) popup.getElement()?.querySelector<HTMLElement>("a, button")?.focus();
  });
  map.on("popupclose", ({ popup }) => {
    const held = document.activeElement; // the body, where the popup took the focus with it
    if (held !== document.body && !popup.getElement()?.contains(held)) return;
    spots.find(({ marker }) => marker.getPopup() === popup)?.marker.getElement()?.focus();
  });
  map.on("zoomend", put);
  put();
}

/** Places that are closer than a target is wide, gathered around the first of them. */
function gathered(map: L.Map, places: Place[]): Place[][] {
  const groups: { at: L.Point; held: Place[] }[] = [];
  for (const place of places) {
    const at = map.project(place.at);
    const group = groups.find((one) => one.at.distanceTo(at) < APART);
    if (group) group.held.push(place);
    else groups.push({ at, held: [place] });
  }
  return groups.map(({ held }) => held);
}

function middle(places: Place[]): L.LatLngTuple {
  return places[0]?.at ?? [0, 0];
}

function named(marker: L.Marker, places: Place[], first: boolean): void {
  const button = marker.getElement();
  if (!button) return;
  const names = places.slice(0, NAMED).map(({ label }) => label);
  const shown = places.length > 1 ? `${places.length}: ` : places[0]?.rank ? `${places[0].rank}: ` : ""; // as on its face
  button.setAttribute("aria-label", shown + names.join(", ") + (places.length > NAMED ? " …" : ""));
  button.setAttribute("tabindex", first ? "0" : "-1");
}

function nearest(map: L.Map, from: Spot, spots: Spot[], [x, y]: [number, number]): Spot | undefined {
  const here = map.latLngToLayerPoint(from.marker.getLatLng());
  let best: Spot | undefined;
  let least = Infinity;
  for (const other of spots) {
    if (other === from) continue;
    const step = map.latLngToLayerPoint(other.marker.getLatLng()).subtract(here);
    const along = step.x * x + step.y * y;
    const aside = Math.abs(step.x * y) + Math.abs(step.y * x);
    if (along <= 0 || along + 3 * aside >= least) continue;
    least = along + 3 * aside;
    best = other;
  }
  return best;
}

/** What is at a spot, as links with notes; and a button that goes closer where that tells places apart. */
function told(map: L.Map, element: HTMLElement, places: Place[]): HTMLElement {
  const box = document.createElement("div");
  const list = document.createElement("ul");
  list.className = "map-places";
  for (const place of places) {
    const item = document.createElement("li");
    const name = document.createElement(place.url ? "a" : "strong");
    if (name instanceof HTMLAnchorElement) name.href = kept(place.url);
    name.textContent = place.label;
    item.append(name);
    if (place.note) {
      const note = document.createElement("span");
      note.className = "about";
      note.textContent = place.note;
      item.append(note);
    }
    list.append(item);
  }
  const bounds = L.latLngBounds(places.map(({ at }) => at));
  const apart = !bounds.getSouthWest().equals(bounds.getNorthEast());
  if (places.length > 1 && apart && map.getZoom() < map.getMaxZoom() && element.dataset.closer) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "map-closer";
    button.textContent = element.dataset.closer;
    button.addEventListener("click", () => {
      map.closePopup();
      map.fitBounds(bounds.pad(0.1), { padding: [40, 40] });
    });
    box.append(button);
  }
  box.append(list);
  return box;
}

/** An address of this site with the language and the revision that the page was asked for. */
function kept(url: string): string {
  const address = new URL(url, location.href);
  if (!/^https?:$/.test(address.protocol)) return "#";
  if (address.origin !== location.origin) return address.href;
  const here = new URLSearchParams(location.search);
  for (const name of ["lang", "revision"]) {
    const value = here.get(name);
    if (value && !address.searchParams.has(name)) address.searchParams.set(name, value);
  }
  return address.pathname + address.search + address.hash;
}
