// The network of regions to explore: `.network` draws the elements of its `data-elements` (the .cyjs twin of the page).
// The picture that works without scripts gives way to it; the tables of the page stay, and say the same and more.
import type cytoscape from "cytoscape";
import type { Links } from "./parts/links";

for (const place of document.querySelectorAll<HTMLElement>(".network")) {
  void begin(place).catch((error: unknown) => {
    place.classList.add("network-failed"); // the picture from the server is shown again
    console.warn(error);
  });
}

async function begin(place: HTMLElement): Promise<void> {
  const [answer, { links }] = await Promise.all([fetch(place.dataset.elements ?? ""), import("./parts/links")]);
  if (!answer.ok) throw new Error(`${place.dataset.elements}: ${answer.status}`);
  const { elements } = (await answer.json()) as { elements: cytoscape.ElementsDefinition };
  const one = <T extends Element>(selector: string): T => place.querySelector<T>(selector) as T;
  const least = one<HTMLInputElement>("input[type=range]");
  const shown = one<HTMLOutputElement>("output");
  const chosen = one<HTMLSelectElement>("select");
  const kinds = [...place.querySelectorAll<HTMLInputElement>("input[type=radio]")];
  const words = new Intl.Collator(document.documentElement.lang);
  const nodes = [...elements.nodes].sort((a, b) => words.compare(String(a.data.label), String(b.data.label)));
  for (const node of nodes) chosen.add(new Option(String(node.data.label), String(node.data.id)));

  const network: Links = links(one(".network-ground"), elements, (id) => {
    chosen.value = id;
    tell(place, network, id, kind());
  });
  const kind = () => kinds.find((radio) => radio.checked)?.value ?? "similarity";
  const draw = () => {
    const value = Number(least.value) / 100;
    shown.value = number(value, kind());
    least.setAttribute("aria-valuetext", shown.value);
    network.show(kind(), value);
    tell(place, network, chosen.value, kind());
  };
  const scale = () => {
    const [from, to] = network.range(kind());
    least.min = String(Math.floor(from * 100));
    least.max = String(Math.ceil(to * 100));
    least.value = least.min;
    draw();
  };
  for (const radio of kinds) radio.addEventListener("change", scale);
  least.addEventListener("input", draw);
  chosen.addEventListener("change", () => {
    network.choose(chosen.value);
    tell(place, network, chosen.value, kind());
  });
  one<HTMLButtonElement>("[data-png]").addEventListener("click", async () => {
    const { named, save } = await import("./parts/saving");
    save(await network.png(), named(document.title, "png"));
  });
  scale();
  place.dataset.ready = "";
}

function number(value: number, kind: string): string {
  const form: Intl.NumberFormatOptions =
    kind === "similarity" ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { style: "percent" };
  return new Intl.NumberFormat(document.documentElement.lang, form).format(value);
}

/** What links the chosen region with others, the strongest first, in words. */
function tell(place: HTMLElement, network: Links, id: string, kind: string): void {
  const details = place.querySelector<HTMLElement>(".network-told");
  if (!details) return;
  details.replaceChildren();
  const hint = (text = "") => Object.assign(document.createElement("p"), { className: "from", textContent: text });
  if (!id) {
    details.append(hint(details.dataset.choose));
    return;
  }
  const heading = document.createElement("h3");
  heading.append(link(place, id, network.name(id)));
  details.append(heading);
  const parts: [string | undefined, "out" | "in" | "both"][] =
    kind === "similarity"
      ? [[details.dataset.alike, "both"]]
      : [[details.dataset.takes, "out"], [details.dataset.gives, "in"]];
  for (const [title, way] of parts) {
    const found = network.of(id, way);
    details.append(Object.assign(document.createElement("h4"), { textContent: title ?? "" }));
    if (!found.length) {
      details.append(hint(details.dataset.none));
      continue;
    }
    const list = document.createElement("ul");
    list.className = "plain";
    for (const { other, weight, shared } of found) {
      const entry = document.createElement("li");
      const about = Object.assign(document.createElement("span"), { className: "about", textContent: shared });
      entry.append(link(place, other, network.name(other)), ` ${number(weight, kind)}`, about);
      list.append(entry);
    }
    details.append(list);
  }
}

function link(place: HTMLElement, id: string, name: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.href = (place.dataset.profile ?? "").replace("{id}", encodeURIComponent(id));
  made.textContent = name;
  return made;
}
