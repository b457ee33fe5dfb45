// What every page gets: little, for everything works without it. Remembers nothing.

const root = document.documentElement;
root.classList.add("scripted");

const menus = () => document.querySelectorAll<HTMLDetailsElement>("details.drop[open]");

// An open menu goes away on Escape, and when the focus or a click is elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    const within = menu.contains(document.activeElement);
    menu.open = false;
    if (within) menu.querySelector("summary")?.focus();
  }
});
for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const menu of menus()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
}

// The skip link moves the focus in every browser.
document.querySelector(".skip")?.addEventListener("click", () => document.getElementById("main")?.focus());

// <button data-print hidden>: prints the page.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// <pre data-copy="Copy" data-copied="Copied">: a button that copies an example, in words that the page gives.
for (const example of document.querySelectorAll<HTMLPreElement>("pre[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = example.dataset.copy ?? "";
  const said = document.createElement("span");
  said.className = "unseen";
  said.setAttribute("role", "status");
  const text = example.textContent ?? "";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = said.textContent = example.dataset.copied ?? "";
  });
  example.before(button, said);
}
