// Files of what a page shows: a picture as SVG that looks the same everywhere, and as PNG.

const SPACE = "http://www.w3.org/2000/svg";
/** How many pixels of a PNG a unit of the picture has. */
const FINE = 2;
/** What a picture inherits from the page's style. */
const INHERITED = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin",
  "stroke-linecap", "color", "font-family", "font-size", "font-weight", "font-style", "text-anchor", "visibility",
];
/** What elements have for themselves, with the value that need not be written. */
const OWN: [string, string][] = [["opacity", "1"], ["display", "inline"], ["text-decoration-line", "none"]];

/** Write a file to where the reader's downloads go. */
export function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A name for a file from words: letters and digits of any language, with hyphens between. */
export function named(words: string, ending: string): string {
  const plain = words.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 80);
  return `${plain || "infrashare"}.${ending}`;
}

/** The text of an SVG file that looks as the picture does now, with no need of the page's style. */
export function svgFile(picture: SVGSVGElement): string {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  written(picture, copy, null);
  const box = picture.viewBox.baseVal;
  const [width, height] = size(picture);
  copy.setAttribute("xmlns", SPACE);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const ground = document.createElementNS(SPACE, "rect");
  ground.setAttribute("x", String(box.x));
  ground.setAttribute("y", String(box.y));
  ground.setAttribute("width", String(box.width || width));
  ground.setAttribute("height", String(box.height || height));
  ground.setAttribute("fill", plain(background(picture)));
  ground.setAttribute("stroke", "none");
  const first = [...copy.children].find((child) => !["title", "desc", "defs"].includes(child.tagName));
  copy.insertBefore(ground, first ?? null);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

/** The same picture as PNG. Rejects where the browser cannot draw it. */
export async function pngFile(picture: SVGSVGElement): Promise<Blob> {
  const [width, height] = size(picture);
  const address = URL.createObjectURL(new Blob([svgFile(picture)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * FINE);
    canvas.height = Math.ceil(height * FINE);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture has no pixels"))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

function size(picture: SVGSVGElement): [number, number] {
  const box = picture.viewBox.baseVal;
  const shown = picture.getBoundingClientRect();
  return [box?.width || shown.width, box?.height || shown.height];
}

/** Write what the style says of an element into the attributes of its copy, where it differs from its parent. */
function written(element: Element, copy: Element, above: CSSStyleDeclaration | null): void {
  const style = getComputedStyle(element);
  for (const name of INHERITED) {
    const value = style.getPropertyValue(name);
    if (above === null || value !== above.getPropertyValue(name)) copy.setAttribute(name, plain(value));
    else copy.removeAttribute(name);
  }
  for (const [name, usual] of OWN) {
    const value = style.getPropertyValue(name);
    const attribute = name === "text-decoration-line" ? "text-decoration" : name;
    if (value !== usual && !(name === "display" && value !== "none")) copy.setAttribute(attribute, value);
    else copy.removeAttribute(attribute);
  }
  const tip = element.getAttribute("data-tip");
  if (tip) {
    copy.removeAttribute("aria-label");
    const title = document.createElementNS(SPACE, "title");
    title.textContent = tip;
    copy.prepend(title);
  }
  copy.removeAttribute("class");
  copy.removeAttribute("tabindex");
  for (const attribute of [...copy.attributes]) if (attribute.name.startsWith("data-")) copy.removeAttribute(attribute.name);
  const href = element.tagName === "a" ? element.getAttribute("href") : null;
  if (href) copy.setAttribute("href", new URL(href, document.baseURI).href);
  const parts = [...copy.children].slice(tip ? 1 : 0);
  [...element.children].forEach((child, at) => {
    const part = parts[at];
    if (!part || ["title", "desc"].includes(child.tagName)) return;
    written(child, part, style);
  });
}

const known = new Map<string, string>();

/** A value with colours that every program reads: newer forms, such as oklab(), as the red, green and blue of a pixel. */
function plain(value: string): string {
  if (!/^(color|oklab|oklch|lab|lch|hwb|color-mix)\(/.test(value)) return value.replace(/url\("(#[^"]+)"\)/, "url($1)");
  const told = known.get(value);
  if (told) return told;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d");
  if (!brush) return value;
  brush.fillStyle = value;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
  const colour = `rgb(${red}, ${green}, ${blue})`;
  known.set(value, colour);
  return colour;
}

/** The first ground behind an element that is not see-through. */
function background(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour !== "transparent" && !/, 0\)$/.test(colour)) return colour;
  }
  return "#ffffff";
}
