// A network drawn by Cytoscape: regions as nodes, links of two kinds between them. Nothing moves by itself.
import cytoscape from "cytoscape";

const SHAPES = ["ellipse", "rectangle", "triangle", "diamond", "pentagon", "hexagon", "star", "octagon"];
const HUES = ["--accent", "--open", "--good", "--bad", "--soft", "--edge", "--ink"];
/** From here on nodes are laid out by their links, not on a ring. */
const MANY = 14;

/** One link of a region. */
export type Tie = { other: string; weight: number; shared: string };

/** A network on the page. */
export type Links = {
  /** Show the links of a kind that weigh at least so much. */
  show(kind: string, least: number): void;
  /** The smallest and largest weight of a kind. */
  range(kind: string): [number, number];
  /** Mark a region with its links; none for an empty id. */
  choose(id: string): void;
  name(id: string): string;
  /** The visible links of a region, the strongest first: those that go out, come in, or both. */
  of(id: string, way: "out" | "in" | "both"): Tie[];
  png(): Promise<Blob>;
};

/** Draw a network into an element; `chosen` hears which region the reader clicks, and of none with an empty text. */
export function links(ground: HTMLElement, elements: cytoscape.ElementsDefinition, chosen: (id: string) => void): Links {
  forestall();
  const most = Math.max(1, ...elements.nodes.map((node) => Number(node.data.facilities) || 0));
  const heaviest = Math.max(0.01, ...elements.edges.map((edge) => Number(edge.data.weight) || 0));
  const network = cytoscape({
    container: ground,
    elements,
    style: style(most, heaviest),
    userZoomingEnabled: false, // the wheel scrolls the page
    userPanningEnabled: false,
    boxSelectionEnabled: false,
    autounselectify: true,
  });
  const arrange = () => {
    ring(network);
    if (network.nodes().length > MANY) network.layout({ name: "cose", animate: false, randomize: false }).run();
    network.fit(undefined, 24);
  };
  arrange();
  const mark = (id: string) => {
    network.elements().removeClass("chosen faint");
    const node = network.getElementById(id);
    if (node.empty()) return;
    const near = node.union(node.connectedEdges(":visible")).union(node.connectedEdges(":visible").connectedNodes());
    network.elements().difference(near).addClass("faint");
    node.union(node.connectedEdges()).addClass("chosen");
  };
  let current = "";
  const choose = (id: string) => mark((current = id));
  network.on("tap", (event) => {
    const id = event.target === network || !event.target.isNode() ? "" : String(event.target.id());
    choose(id);
    chosen(id);
  });
  network.on("mouseover", "node", (event) => mark(String(event.target.id())));
  network.on("mouseout", "node", () => mark(current));
  const restyle = () => network.style(style(most, heaviest));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
  new ResizeObserver(() => {
    network.resize();
    arrange();
  }).observe(ground);

  return {
    choose,
    name: (id) => String(network.getElementById(id).data("label") ?? id),
    range(kind) {
      const weights = network.edges(`[kind = "${kind}"]`).map((edge) => Number(edge.data("weight")));
      return weights.length ? [Math.min(...weights), Math.max(...weights)] : [0, 1];
    },
    show(kind, least) {
      network.batch(() => {
        network.edges().forEach((edge) => {
          const weighs = Number(edge.data("weight")) >= least - 1e-9;
          edge.style("display", edge.data("kind") === kind && weighs ? "element" : "none");
        });
      });
      mark(current);
    },
    of(id, way) {
      const node = network.getElementById(id);
      const edges = (network.edges(":visible").toArray() as cytoscape.EdgeSingular[]).filter((edge) => {
        const out = edge.source().same(node) && way !== "in";
        return out || (edge.target().same(node) && way !== "out");
      });
      return edges
        .map((edge) => ({
          other: String((edge.source().same(node) ? edge.target() : edge.source()).id()),
          weight: Number(edge.data("weight")),
          shared: String(edge.data("shared") ?? ""),
        }))
        .sort((a, b) => b.weight - a.weight);
    },
    png: () => network.png({ output: "blob-promise", scale: 2, full: true, bg: colour("--surface") }),
  };
}

/** Regions on a ring as wide as the ground, those of a group beside each other. */
function ring(network: cytoscape.Core): void {
  const group = (node: cytoscape.NodeSingular) => Number(node.data("group")) || Number.MAX_SAFE_INTEGER;
  const nodes = (network.nodes().toArray() as cytoscape.NodeSingular[]).sort(
    (a, b) => group(a) - group(b) || String(a.id()).localeCompare(String(b.id())),
  );
  const wide = Math.max(120, network.width() / 2 - 70);
  const high = Math.max(120, network.height() / 2 - 50);
  nodes.forEach((node, at) => {
    const angle = (2 * Math.PI * at) / nodes.length;
    node.position({ x: wide * Math.sin(angle), y: -high * Math.cos(angle) });
  });
}

/** Cytoscape writes a style element for its container, which the security policy forbids, unless one of its id is there. */
function forestall(): void {
  const id = "__________cytoscape_stylesheet";
  if (document.getElementById(id)) return;
  const stub = document.createElement("template");
  stub.id = id;
  document.head.append(stub);
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#000000";
}

function style(most: number, heaviest: number): cytoscape.StylesheetStyle[] {
  const group = (node: cytoscape.NodeSingular) => Math.max(0, (Number(node.data("group")) || SHAPES.length) - 1);
  const size = (node: cytoscape.NodeSingular) => 26 + 26 * Math.sqrt((Number(node.data("facilities")) || 0) / most);
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        width: size,
        height: size,
        shape: (node: cytoscape.NodeSingular) => SHAPES[group(node) % SHAPES.length] as cytoscape.Css.NodeShape,
        "background-color": (node: cytoscape.NodeSingular) => colour(HUES[group(node) % HUES.length] ?? "--accent"),
        color: colour("--ink"),
        "font-family": getComputedStyle(document.body).fontFamily,
        "font-size": 14,
        "text-valign": "bottom",
        "text-margin-y": 5,
        "text-wrap": "wrap",
        "text-max-width": "110px",
        "text-outline-color": colour("--surface"),
        "text-outline-width": 3,
        "border-width": 2,
        "border-color": colour("--surface"),
      },
    },
    {
      selector: "edge",
      style: {
        width: (edge: cytoscape.EdgeSingular) => 1 + 8 * (Number(edge.data("weight")) / heaviest),
        "line-color": colour("--accent"),
        opacity: 0.45,
        "curve-style": "bezier",
        "font-size": 12,
        color: colour("--ink"),
        "text-background-color": colour("--surface"),
        "text-background-opacity": 1,
        "text-background-padding": "2px",
      },
    },
    {
      selector: 'edge[kind = "complementarity"]',
      style: {
        "target-arrow-shape": "triangle",
        "target-arrow-color": colour("--accent"),
        "arrow-scale": 0.9,
        width: (edge: cytoscape.EdgeSingular) => 1 + 4 * (Number(edge.data("weight")) / heaviest),
      },
    },
    { selector: ".faint", style: { opacity: 0.12 } },
    { selector: "node.faint", style: { opacity: 0.35 } },
    { selector: "edge.chosen", style: { opacity: 0.9 } },
    { selector: "node.chosen", style: { "border-color": colour("--ink"), "border-width": 3, "font-weight": 600 } },
  ] as cytoscape.StylesheetStyle[];
}
