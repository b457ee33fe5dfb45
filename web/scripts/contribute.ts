// Pages about contributions: a file is checked and sent, a version is brought back. What is large comes when it is needed.

export {};
const check = document.querySelector<HTMLFormElement>("#check");
if (check) {
  const { Bench } = await import("./parts/findings");
  const bench = new Bench(check);
  const form = document.querySelector<HTMLFormElement>("#contribute");
  if (form) {
    const { uploading } = await import("./parts/upload");
    uploading(form, bench);
  }
}

const rollback = document.querySelector<HTMLFormElement>("#rollback");
if (rollback) {
  const { rollingBack } = await import("./parts/history");
  rollingBack(rollback);
}
