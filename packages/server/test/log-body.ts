import { type LogBody, openBody } from "../src/store/log.ts";
import type { Vault } from "../src/vault.ts";

/** What an entry of the log says. @throws when it says nothing that can be read. */
export function readBody(vault: Vault, row: Parameters<typeof openBody>[1] | undefined): Record<string, unknown> {
  const said: LogBody | string = row === undefined ? "no entry" : openBody(vault, row);
  if (typeof said === "string") throw new Error(said);
  return JSON.parse(said.body) as Record<string, unknown>;
}
