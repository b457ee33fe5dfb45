// Maps: each `.map` becomes one when it comes near the view, so that Leaflet loads only where somebody looks.

const begin = (element: HTMLElement): void => {
  element.setAttribute("aria-busy", "true");
  import("./parts/mapping")
    .then(({ draw }) => draw(element))
    .catch(() => element.classList.add("map-failed"))
    .finally(() => element.removeAttribute("aria-busy"));
};

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      begin(target as HTMLElement);
    }
  },
  { rootMargin: "400px" },
);

for (const element of document.querySelectorAll<HTMLElement>(".map")) near.observe(element);

export {};
