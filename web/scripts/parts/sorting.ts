// Tables that people can sort: a button in each head, the rows in the order of the language of the page.
//
// A cell's `data-value` is a number to sort by in place of its text; an empty one says that nothing is known, and such
// rows come last in either order. A head with `data-sort="none"` gets no button. Rows with `data-fixed` stay at the end.
// `data-up` and `data-down` of the table are the sentences that tell of a new order, with `{column}` for the name.

type Key = { row: HTMLTableRowElement; number: number | null; text: string; known: boolean };

/** Give a table buttons to sort by. Safe to call again for the same table. */
export function sortable(table: HTMLTableElement): void {
  const heads = table.tHead?.rows[table.tHead.rows.length - 1];
  if (!heads || table.dataset.sorting !== undefined) return;
  table.dataset.sorting = "";
  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  (table.closest(".scroll") ?? table).after(told);
  let column = 0;
  for (const head of heads.cells) {
    const at = column;
    column += head.colSpan;
    const name = (head.textContent ?? "").trim();
    if (!name || head.dataset.sort === "none") continue;
    const button = inside(head, name);
    button.addEventListener("click", () => {
      const keys = rows(table, at);
      const numbers = keys.some((key) => key.number !== null);
      const now = head.getAttribute("aria-sort");
      const up = now ? now === "descending" : !numbers; // the largest number is what one looks for first
      for (const other of heads.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      arrange(table, keys, up);
      told.textContent = ((up ? table.dataset.up : table.dataset.down) ?? "").replace("{column}", name);
    });
  }
}

/** A button around what stands in a head, or behind it where that has links. */
function inside(head: HTMLTableCellElement, name: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  if (head.querySelector("a, button, input")) {
    button.setAttribute("aria-label", name);
    button.classList.add("beside");
    head.append(button);
  } else {
    button.append(...head.childNodes);
    head.append(button);
  }
  return button;
}

function rows(table: HTMLTableElement, column: number): Key[] {
  return [...table.tBodies].flatMap((body) =>
    [...body.rows]
      .filter((row) => row.dataset.fixed === undefined)
      .map((row) => {
        const cell = cellAt(row, column);
        const value = cell?.dataset.value;
        const text = (cell?.textContent ?? "").trim().replace(/\s+/g, " ");
        const number = value === undefined || value.trim() === "" ? Number.NaN : Number(value);
        return {
          row,
          number: Number.isNaN(number) ? null : number,
          text: value !== undefined && Number.isNaN(number) ? value : text,
          known: value === undefined ? text !== "" : value.trim() !== "",
        };
      }),
  );
}

function cellAt(row: HTMLTableRowElement, column: number): HTMLTableCellElement | undefined {
  let at = 0;
  for (const cell of row.cells) {
    if (column < at + cell.colSpan) return cell;
    at += cell.colSpan;
  }
  return undefined;
}

/** Put the rows of each body in order; those that are alike stay as they were, those not known come last. */
function arrange(table: HTMLTableElement, keys: Key[], up: boolean): void {
  const language = table.closest<HTMLElement>("[lang]")?.lang || "en";
  const words = new Intl.Collator(language, { numeric: true });
  const way = up ? 1 : -1;
  keys.sort((one, other) => {
    if (one.known !== other.known) return one.known ? -1 : 1;
    if (one.number !== null && other.number !== null) return way * (one.number - other.number);
    if (one.number !== null || other.number !== null) return one.number !== null ? -1 : 1;
    return way * words.compare(one.text, other.text);
  });
  for (const body of table.tBodies) {
    const fixed = [...body.rows].filter((row) => row.dataset.fixed !== undefined);
    body.append(...keys.map((key) => key.row).filter((row) => row.parentElement === body), ...fixed);
  }
}
