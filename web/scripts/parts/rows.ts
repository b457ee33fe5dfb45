// The rows of a result as a table that can be sorted, some hundred at a time.
import { isNumber, number, type Row, shown, type Term } from "./terms";
import { filled, made } from "./words";

const A_PAGE = 200;

/** Put the rows into a table; `pager` has buttons for further rows and is hidden where all fit. */
export function tabulate(table: HTMLTableElement, pager: HTMLElement, names: string[], rows: Row[]): void {
  let order = rows.map((_, index) => index);
  let sorted: { name: string; up: boolean } | undefined;
  let first = 0;
  const numeric = new Set(names.filter((name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || isNumber(row[name]))));
  const body = document.createElement("tbody");
  const heads = names.map((name) => {
    const button = made("button", { type: "button", class: "sorter" }, name);
    const head = made("th", { scope: "col", ...(numeric.has(name) && { class: "number" }) }, button);
    button.addEventListener("click", () => {
      sorted = { name, up: sorted?.name === name ? !sorted.up : true };
      const { up } = sorted;
      order = rows.map((_, index) => index).sort((a, b) => compared(rows[a]?.[name], rows[b]?.[name], up) || a - b);
      for (const [at, other] of heads.entries()) {
        if (names[at] === name) other.ariaSort = up ? "ascending" : "descending";
        else other.removeAttribute("aria-sort");
      }
      first = 0;
      draw();
    });
    return head;
  });
  const top = made("thead", {}, made("tr", {}, ...heads));
  table.replaceChildren(...(table.caption ? [table.caption] : []), top, body);
  const [back, on] = pager.querySelectorAll("button");
  const where = pager.querySelector<HTMLElement>("[data-where]");
  const draw = (): void => {
    const part = order.slice(first, first + A_PAGE);
    body.replaceChildren(
      ...part.map((index) => {
        const cells = names.map((name) => made("td", numeric.has(name) ? { class: "number" } : {}, shown(rows[index]?.[name])));
        return made("tr", {}, ...cells);
      }),
    );
    pager.hidden = rows.length <= A_PAGE;
    if (back) back.disabled = first === 0;
    if (on) on.disabled = first + A_PAGE >= rows.length;
    if (where) {
      const values = { first: number(first + 1), last: number(first + part.length), total: number(rows.length) };
      where.textContent = filled(where.dataset.where, values);
    }
  };
  if (back) back.onclick = () => move(-A_PAGE);
  if (on) on.onclick = () => move(A_PAGE);
  const move = (by: number): void => {
    first = Math.min(Math.max(0, first + by), Math.max(0, rows.length - 1));
    draw();
    table.scrollIntoView({ block: "nearest" });
  };
  draw();
}

/** What is not there comes last in either order; numbers by their size, texts as the language of the page sorts them. */
function compared(a: Term | undefined, b: Term | undefined, up: boolean): number {
  if (!a || !b) return Number(!a) - Number(!b);
  const way = up ? 1 : -1;
  if (isNumber(a) && isNumber(b)) return way * (Number(a.value) - Number(b.value));
  return way * a.value.localeCompare(b.value, document.documentElement.lang, { numeric: true });
}
