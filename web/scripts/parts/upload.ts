// Sending a checked file: first what would change, then the same again for good. Nobody's work is overwritten unseen.
import type { Bench } from "./findings";
import { explained, freshKey, kindOf, put, receiptOf, send, type Answer } from "./sending";
import { made, word } from "./words";

const TYPES: Record<string, string> = {
  turtle: "text/turtle",
  "n-triples": "application/n-triples",
  "json-ld": "application/ld+json",
  "rdf-xml": "application/rdf+xml",
};

/** What a dry run showed, ready to be sent for good. */
interface Pending {
  address: string;
  headers: Record<string, string>;
  text: string;
}

export function uploading(form: HTMLFormElement, bench: Bench): void {
  const field = (id: string): HTMLInputElement => form.querySelector<HTMLInputElement>(`#${id}`)!;
  const [token, partner, dataset, message] = ["token", "partner", "dataset", "message"].map(field) as [HTMLInputElement, HTMLInputElement, HTMLInputElement, HTMLInputElement];
  const upload = form.querySelector<HTMLButtonElement>("#upload")!;
  const sending = form.querySelector<HTMLElement>("#sending")!;
  const box = form.querySelector<HTMLElement>("#receipt")!;
  // The version that the text in the editor builds on, for each dataset that is known to it.
  const bases = new Map<string, string>();
  if (form.dataset["etag"]) bases.set(form.dataset["contribution"] ?? "", form.dataset["etag"]);
  let pending: Pending | null = null;
  form.hidden = false;
  token.value = "";

  const stale = (): void => {
    pending = null;
    upload.hidden = true;
  };
  bench.onChange(stale);
  for (const one of [partner, dataset, message]) one.addEventListener("input", stale);

  const name = (): string => `${partner.value}/${dataset.value}`;
  const address = (dry: boolean): string => {
    const query = new URLSearchParams({ message: message.value, lang: document.documentElement.lang });
    if (dry) query.set("dry_run", "true");
    return `/contributions/${encodeURIComponent(partner.value)}/${encodeURIComponent(dataset.value)}?${query}`;
  };

  /** What has to be true of the current version: that it is the one the text builds on, or the one that is there now. */
  const condition = async (): Promise<Record<string, string>> => {
    const base = bases.get(name());
    if (base) return { "If-Match": base };
    const answer = await fetch(`/contributions/${encodeURIComponent(partner.value)}/${encodeURIComponent(dataset.value)}?format=json`, { cache: "no-store" });
    const tag = answer.headers.get("ETag");
    return answer.ok && tag ? { "If-Match": tag } : { "If-None-Match": "*" };
  };

  const refuse = (answer: Answer): void => {
    const told = explained(answer, { name: name() });
    if (answer.problem && ["precondition-failed", "conflict"].includes(kindOf(answer.problem))) {
      stale();
      const base = /^"v(\d+)/.exec(bases.get(name()) ?? "")?.[1];
      const where = `/contributions/${name()}`;
      const links = made("p", {}, made("a", { href: `${where}/versions`, target: "_blank", rel: "noopener" }, word("see-history")));
      if (base) links.append(" · ", made("a", { href: `${where}/diff?from=${base}`, target: "_blank", rel: "noopener" }, word("see-since", { version: base })));
      const again = made("button", { type: "button", class: "quiet" }, word("look-again"));
      again.addEventListener("click", () => {
        bases.delete(name());
        void compare();
      });
      told.append(links, made("p", {}, again));
    }
    put(box, told);
  };

  /** Send once: the words for it while it lasts, and no second request meanwhile. */
  const busy = async (work: () => Promise<void>): Promise<void> => {
    if (sending.textContent) return;
    sending.textContent = word("working");
    try {
      await work();
    } catch (error) {
      console.info(error);
      put(box, explained({}, {}));
    } finally {
      sending.textContent = "";
    }
  };

  const compare = (): Promise<void> =>
    busy(async () => {
      stale();
      if (!bench.isChecked || bench.kind === "" || bench.kind === "csv") await bench.check();
      if (!bench.conforms) {
        put(box, made("div", { class: "note" }, made("p", {}, word("not-conforming"))));
        return;
      }
      const text = bench.text;
      const headers = { "Content-Type": TYPES[bench.kind] ?? "text/turtle", ...(await condition()) };
      const answer = await send("PUT", address(true), token.value.trim(), headers, text);
      if (!answer.receipt) return refuse(answer);
      put(box, receiptOf(answer.receipt, "If-None-Match" in headers));
      if (answer.receipt.unchanged || bench.text !== text) return;
      pending = { address: address(false), headers: { ...headers, "Idempotency-Key": freshKey() }, text };
      upload.hidden = false;
    });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void compare();
  });
  upload.addEventListener("click", () => {
    const ready = pending;
    if (!ready) return;
    void busy(async () => {
      const answer = await send("PUT", ready.address, token.value.trim(), ready.headers, ready.text);
      if (!answer.receipt) return refuse(answer);
      if (answer.etag) bases.set(name(), answer.etag);
      stale();
      put(box, receiptOf(answer.receipt, false));
    });
  });
  // A page that comes back from the browser's memory has no token any more.
  addEventListener("pagehide", () => (token.value = ""));
}
