import { m } from "../paraglide/messages.js";
import { ApiRefusal, NetworkLost } from "../shared/api.ts";

/** What went wrong, in plain words; the server's own where it gave some. */
export function troubleInWords(error: unknown): string {
  if (error instanceof NetworkLost) return m.no_network();
  return error instanceof ApiRefusal && error.message !== "" ? error.message : m.trouble();
}
