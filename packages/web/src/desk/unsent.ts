import { openSealed, seal } from "@jikim/evidence";
import type { Worker } from "./session-keys.ts";

/** Half-written texts by where they are written (`<case>/<kind>`), so that neither the lock nor a look at the queue loses them. */
const texts = new Map<string, string>();
let sealed: { readonly staffId: string; readonly bytes: Uint8Array } | null = null;

export function unsentText(at: string): string {
  return texts.get(at) ?? "";
}

export function keepUnsent(at: string, text: string): void {
  if (text === "") texts.delete(at);
  else texts.set(at, text);
}

/** At the lock: seals the texts to their author's own key and forgets them. */
export async function sealUnsent(author: Worker): Promise<void> {
  const { keys, staffId } = author;
  const held = [...texts];
  texts.clear();
  sealed = keys.state === "open" && held.length > 0 ? { staffId, bytes: await seal(held, [keys.recipient]) } : null;
}

/** After signing in again: the same author's texts are back; another's are dropped. */
export async function openUnsent(author: Worker): Promise<void> {
  const kept = sealed;
  sealed = null;
  if (kept === null || author.keys.state !== "open" || kept.staffId !== author.staffId) return;
  const held: unknown = await openSealed(kept.bytes, author.keys.key.identity).catch(() => null);
  if (!Array.isArray(held)) return;
  for (const pair of held) if (Array.isArray(pair)) keepUnsent(String(pair[0]), String(pair[1]));
}
