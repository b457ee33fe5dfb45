// Every `table.sortable` of a page can be sorted by its heads.
import { sortable } from "./parts/sorting";

for (const table of document.querySelectorAll<HTMLTableElement>("table.sortable")) sortable(table);
