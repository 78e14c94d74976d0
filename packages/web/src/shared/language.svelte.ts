import { overwriteGetLocale } from "../paraglide/runtime.js";
import type { Language } from "./languages.ts";

let current: Language = $state("ko");

// Messages read the locale through this, so every text on screen follows a switch without a reload.
overwriteGetLocale(() => current);

/** The language on screen; reactive when read in a component. Lives in memory only. */
export function language(): Language {
  return current;
}

/** Switches every text on screen and tells assistive technology. Answers typed so far are untouched. */
export function switchLanguage(to: Language): void {
  current = to;
  document.documentElement.lang = to;
}
