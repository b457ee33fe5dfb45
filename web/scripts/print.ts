// `button[data-print]` prints the page: what is folded is opened for it, and folded again afterwards.

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  if (!button.hidden) continue; // another script of the page has it already
  button.hidden = false;
  button.addEventListener("click", () => print());
}
let opened: HTMLDetailsElement[] = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll<HTMLDetailsElement>("main details[data-print-open]:not([open])")];
  for (const one of opened) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of opened) one.open = false;
  opened = [];
});
