import { fileURLToPath } from "node:url";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Settings of the message compiler. The locale lives in memory only (src/shared/language.svelte.ts): nothing about a visit is
 * kept on the device, so no cookie, no local storage.
 */
export const messages = {
  project: here("project.inlang"),
  outdir: here("src/paraglide"),
  strategy: ["globalVariable", "baseLocale"] as ["globalVariable", "baseLocale"],
  isServer: "false",
  disableAsyncLocalStorage: true,
  emitReadme: false,
};
