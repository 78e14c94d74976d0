import { fileURLToPath } from "node:url";
import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { messages } from "./messages.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Portal at `/`, desk at `/desk/`, the page where a unit fetches its pack at `/take/`, all from one origin under a strict content
 * security policy: nothing inline (no data: URLs, no module preload polyfill), workers as files of their own.
 */
export default defineConfig({
  root: here("."),
  base: "/",
  plugins: [paraglideVitePlugin(messages), svelte({ configFile: false })],
  publicDir: here("public"),
  build: {
    outDir: here("dist"),
    emptyOutDir: true,
    // Phones of about 2021: Chrome and WebView 91, Safari of iOS 15; Firefox since module workers.
    target: ["chrome91", "safari15", "firefox114"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { portal: here("index.html"), desk: here("desk/index.html"), take: here("take/index.html") },
    },
  },
  worker: { format: "es" },
});
