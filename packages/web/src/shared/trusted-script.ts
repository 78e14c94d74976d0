/** What of the Trusted Types API is used here (W3C Trusted Types, not yet in TypeScript's DOM library). */
type Policy = { createScriptURL(url: string): string };
type Factory = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy };

let policy: Policy | null = null;

/** Only scripts of our own build may start a worker. */
function ownScript(url: string): string {
  const full = new URL(url, location.href);
  if (full.origin !== location.origin) throw new TypeError("a script of another origin");
  return full.href;
}

/**
 * Starts a module worker from a URL that vite made (`import url from "./x.worker.ts?worker&url"`), through the `jikim` policy
 * where the browser enforces Trusted Types.
 */
export function startWorker(url: string): Worker {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  policy ??= factory?.createPolicy("jikim", { createScriptURL: ownScript }) ?? { createScriptURL: ownScript };
  return new Worker(policy.createScriptURL(url), { type: "module" });
}
