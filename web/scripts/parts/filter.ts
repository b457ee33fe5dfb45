// A field that leaves only those items of a list that have its words; groups without items go too.

/** Make all fields with `data-filter`, the selector of a list, filter it. */
export function filters(root: ParentNode = document): void {
  for (const field of root.querySelectorAll<HTMLInputElement>("input[data-filter]")) {
    const list = document.querySelector(field.dataset.filter ?? "");
    const box = field.closest<HTMLElement>("[data-filter-field]");
    if (!list) continue;
    if (box) box.hidden = false;
    const count = box?.querySelector<HTMLElement>("[data-filter-count]");
    const items = Array.from(list.querySelectorAll<HTMLElement>("[data-filter-item]"), (item) => ({ item, text: plain(item.textContent ?? "") }));
    const apply = (): void => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let left = 0;
      for (const { item, text } of items) {
        item.hidden = !words.every((word) => text.includes(word));
        left += Number(!item.hidden);
      }
      for (const group of list.querySelectorAll<HTMLElement>("[data-filter-group]")) group.hidden = !group.querySelector("[data-filter-item]:not([hidden])");
      if (count) count.textContent = words.length ? `${left} / ${items.length}` : "";
    };
    field.addEventListener("input", apply);
    field.form?.addEventListener("reset", () => queueMicrotask(apply));
    if (field.value) apply();
  }
}

/** Small letters without their marks, so that "konnen" finds "können". */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
