"""What is measured on a page in the browser: widths, cut text, motion, and what the keyboard reaches."""

from typing import Any, Final

from playwright.sync_api import Page

NARROWEST: Final = 320
"""Pixels of a window at which nothing may need scrolling sideways (WCAG 2.2, 1.4.10)."""

_SPACED: Final = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
      word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
_PLAIN: Final = "() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1) }"

_TOO_WIDE: Final = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const boxes = [...document.body.querySelectorAll("*")].filter(one => {
    if (one.getBoundingClientRect().right <= root.clientWidth + 0.5 || !one.checkVisibility()) return false;
    for (let up = one.parentElement; up; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible" && up !== root && up !== document.body) return false;
    return true;
  });
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), long = [];
  const range = document.createRange();
  while (texts.nextNode() && !boxes.length) {
    range.selectNodeContents(texts.currentNode);
    const parent = texts.currentNode.parentElement;
    if (range.getBoundingClientRect().right > root.clientWidth + 0.5 && parent.checkVisibility()
        && getComputedStyle(parent).overflowX === "visible") long.push(parent);
  }
  const found = [...boxes.slice(-5), ...long.slice(0, 5)].map(one => one.outerHTML.slice(0, 120));
  return found.length ? found : ["the page"];
}"""

_CUT: Final = """() => [...document.body.querySelectorAll("*")].filter(one => {
  const style = getComputedStyle(one);
  if (one.closest("svg, .unseen, .leaflet-container, canvas")) return false;
  if (one.matches("input, textarea, select, option")) return false;
  const hides = [style.overflowX, style.overflowY].some(how => how === "hidden" || how === "clip");
  if (!hides || !one.innerText?.trim()) return false;
  if (one.clientWidth <= 1 || one.clientHeight <= 1) return false;
  return one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2;
}).slice(0, 5).map(one => one.outerHTML.slice(0, 120))"""

_MOVING: Final = """() => [...document.querySelectorAll("*")].filter(one => {
  const style = getComputedStyle(one);
  const longest = text => Math.max(...text.split(",").map(part => parseFloat(part) * (part.includes("ms") ? 1 : 1000)));
  return longest(style.transitionDuration) > 20
    || (style.animationName !== "none" && longest(style.animationDuration) > 20);
}).slice(0, 5).map(one => one.outerHTML.slice(0, 120))"""

_REACHABLE: Final = """() => {
  const all = [...document.querySelectorAll(
    "a[href], area[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]")];
  const seen = all.filter(one => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden" && !one.closest("[inert]")
    && one.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}));
  const radios = new Set();
  const wanted = seen.filter(one => {
    if (one.type !== "radio") return true;
    const group = (one.form?.action ?? "") + one.name;
    const checked = seen.some(other => other.type === "radio" && other.name === one.name && other.checked);
    if (checked ? !one.checked : radios.has(group)) return false;
    radios.add(group);
    return true;
  });
  wanted.forEach((one, number) => { one.dataset.stop = number });
  return wanted.length;
}"""

_STOP: Final = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const style = getComputedStyle(one);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const box = one.getBoundingClientRect();
  return {stop: one.dataset.stop ?? null, marked: ring || style.boxShadow !== "none" || one.shadowRoot !== null,
          shown: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
          html: one.outerHTML.slice(0, 160)};
}"""

_NAMED: Final = "stop => document.querySelector(`[data-stop='${stop}']`)?.outerHTML.slice(0, 160) ?? stop"


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


def cut_when_spaced(page: Page) -> list[str]:
    """What is cut, or makes the page scroll sideways, with the text spacing of WCAG 2.2, 1.4.12."""
    page.evaluate(_SPACED)
    found: list[str] = page.evaluate(_CUT) + too_wide(page)
    page.evaluate(_PLAIN)
    return found


def moving(page: Page) -> list[str]:
    """What would move although the reader asked for less motion."""
    found: list[str] = page.evaluate(_MOVING)
    return found


def walked(page: Page) -> list[str]:
    """What is wrong with a walk through the page by the Tab key: stops without a mark, traps, what is never reached."""
    page.evaluate(
        "() => { document.activeElement?.blur(); getSelection()?.removeAllRanges(); scrollTo(0, 0) }"
    )
    total: int = page.evaluate(_REACHABLE)
    wrong: list[str] = []
    reached: set[str] = set()
    before = None
    for _ in range(total + 60):
        page.keyboard.press("Tab")
        stop: Any = page.evaluate(_STOP)
        if stop is None:
            break
        if stop["stop"] is not None and stop["stop"] == before:
            wrong.append(f"Tab does not leave {stop['html']}")
            break
        before = stop["stop"]
        if stop["stop"] is not None:
            reached.add(stop["stop"])
        if not stop["marked"]:
            wrong.append(f"no mark when focused: {stop['html']}")
        if not stop["shown"]:
            wrong.append(f"out of view when focused: {stop['html']}")
    missed = [str(number) for number in range(total) if str(number) not in reached]
    wrong += [f"never reached: {page.evaluate(_NAMED, number)}" for number in missed[:5]]
    return wrong


def shifted(page: Page) -> float:
    """How much the page has shifted by itself since it began to load (Cumulative Layout Shift)."""
    total: float = page.evaluate(
        """() => new Promise(done => {
          let sum = 0;
          const observer = new PerformanceObserver(list => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
          });
          observer.observe({type: "layout-shift", buffered: true});
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
            for (const entry of observer.takeRecords()) if (!entry.hadRecentInput) sum += entry.value;
            done(sum);
          })));
        })"""
    )
    return total
