// What the marks of a picture say: on hover, where a link in it has the focus, and by the arrow keys, one by one.
// A mark says what its own `title` says in SVG, which works without scripts too, but only for a mouse.

/** Let the marks of the pictures in a figure tell what they stand for. */
export function tips(figure: HTMLElement): void {
  const frames = figure.querySelectorAll<HTMLElement>(".pic-frame");
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  let any = false;
  for (const frame of frames) {
    const picture = frame.querySelector("svg");
    if (!picture) continue;
    const marks = told(picture);
    if (!marks.length) continue;
    any = true;
    listen(frame, picture, marks, tip, figure.dataset.keys);
  }
  if (!any) return;
  figure.classList.add("tells");
  figure.append(tip);
  const hide = () => (tip.hidden = true);
  figure.addEventListener("pointerleave", hide);
  figure.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}

/** The marks that have something to say; their titles give way, so that browsers do not show them as well. */
function told(picture: SVGSVGElement): SVGElement[] {
  const marks: SVGElement[] = [];
  for (const title of [...picture.querySelectorAll("title")]) {
    const mark = title.parentElement as SVGElement | null;
    if (!mark || (mark as Element) === picture) continue;
    mark.dataset.tip = title.textContent ?? "";
    if (mark.tagName === "a" && !mark.querySelector("text")) mark.setAttribute("aria-label", mark.dataset.tip.replace(/\n/g, "; "));
    title.remove();
    marks.push(mark);
  }
  return marks;
}

function listen(frame: HTMLElement, picture: SVGSVGElement, marks: SVGElement[], tip: HTMLElement, keys?: string): void {
  let at = -1;
  const show = (mark: SVGElement) => {
    for (const other of marks) other.classList.toggle("pic-told", other === mark);
    tip.textContent = mark.dataset.tip ?? "";
    tip.hidden = false;
    place(tip, mark);
  };
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", picture.querySelector("title")?.textContent ?? "");
  if (keys) frame.setAttribute("aria-description", keys);
  frame.addEventListener("pointerover", (event) => {
    const mark = (event.target as Element).closest<SVGElement>("[data-tip]");
    if (mark) show(mark);
    else tip.hidden = true;
  });
  frame.addEventListener("focusin", (event) => {
    const mark = (event.target as Element).closest<SVGElement>("[data-tip]");
    if (mark) show(mark);
  });
  frame.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || frame.scrollWidth > frame.clientWidth + 1) return;
    event.preventDefault();
    at = (at + step + marks.length) % marks.length;
    const mark = marks[at];
    if (mark) show(mark);
  });
}

/** Above the mark, or below it where there is no room, so near that the pointer can move onto it. */
function place(tip: HTMLElement, mark: SVGElement): void {
  const host = tip.offsetParent?.getBoundingClientRect();
  if (!host) return;
  const box = (mark.querySelector("circle, rect, path") ?? mark).getBoundingClientRect();
  const left = box.left - host.left + box.width / 2 - tip.offsetWidth / 2;
  const above = box.top - host.top - tip.offsetHeight + 1;
  tip.style.left = `${Math.max(0, Math.min(left, host.width - tip.offsetWidth))}px`;
  tip.style.top = `${box.top < tip.offsetHeight ? box.bottom - host.top - 1 : above}px`;
}
