import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

// Each module in scripts/ is a bundle of its own that a page can ask for; those in scripts/parts/ are only imported.
const folder = resolve(import.meta.dirname, "scripts");
const entries = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));

export default defineConfig({
  root: import.meta.dirname,
  base: "/static/built/",
  publicDir: false,
  build: {
    outDir: "static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    target: "es2022",
    rollupOptions: { input: entries.map((name) => resolve(folder, name)) },
  },
});
