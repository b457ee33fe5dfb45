// The words of a page for its scripts: from <template id="words">, in the language of the page.

const words = document.querySelector<HTMLTemplateElement>("#words");

export function has(name: string): boolean {
  return Boolean(words?.content.querySelector(`[data-word="${CSS.escape(name)}"]`));
}

/** A sentence by its name, with what stands in braces filled in. */
export function word(name: string, values: Record<string, string | number> = {}): string {
  const text = words?.content.querySelector(`[data-word="${CSS.escape(name)}"]`)?.textContent ?? "";
  return filled(text, values);
}

/** A text of the page with values in the places of their names in braces. */
export function filled(text: string | undefined, values: Record<string, string | number>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, key: string) => shown(values[key]) ?? whole);
}

/** A number as people of the page's language write it. */
export function shown(value: string | number | undefined): string | undefined {
  return typeof value === "number" ? value.toLocaleString(document.documentElement.lang) : value;
}

/** An element with text or other elements in it. */
export function made<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}
