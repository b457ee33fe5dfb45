// The history of a dataset: a version is brought back with the token of its partner, after a look at what would change.
import { explained, freshKey, put, receiptOf, send } from "./sending";
import { word } from "./words";

export function rollingBack(form: HTMLFormElement): void {
  const token = form.querySelector<HTMLInputElement>("#token")!;
  const version = form.querySelector<HTMLSelectElement>("#back-to")!;
  const message = form.querySelector<HTMLInputElement>("#message")!;
  const go = form.querySelector<HTMLButtonElement>("#roll-back")!;
  const sending = form.querySelector<HTMLElement>("#sending")!;
  const box = form.querySelector<HTMLElement>("#receipt")!;
  const where = form.dataset["address"] ?? "";
  let key: string | null = null;
  form.hidden = false;
  token.value = "";

  const stale = (): void => {
    key = null;
    go.hidden = true;
  };
  version.addEventListener("change", stale);
  message.addEventListener("input", stale);
  for (const button of document.querySelectorAll<HTMLButtonElement>("button.back-to")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      version.value = button.value;
      stale();
      form.scrollIntoView({ block: "nearest" });
      token.focus();
    });
  }

  const post = async (dry: boolean): Promise<void> => {
    if (sending.textContent) return;
    sending.textContent = word("working");
    const query = new URLSearchParams({ message: message.value, lang: document.documentElement.lang });
    if (dry) query.set("dry_run", "true");
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (form.dataset["etag"]) headers["If-Match"] = form.dataset["etag"];
    if (key && !dry) headers["Idempotency-Key"] = key;
    const body = JSON.stringify({ version: Number(version.value) });
    const answer = await send("POST", `${where}/rollback?${query}`, token.value.trim(), headers, body);
    sending.textContent = "";
    stale();
    if (!answer.receipt) return put(box, explained(answer, {}));
    put(box, receiptOf(answer.receipt, false));
    if (!dry) form.dataset["etag"] = answer.etag ?? "";
    else if (!answer.receipt.unchanged) {
      key = freshKey();
      go.hidden = false;
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void post(true);
  });
  go.addEventListener("click", () => void post(false));
  addEventListener("pagehide", () => (token.value = ""));
}
