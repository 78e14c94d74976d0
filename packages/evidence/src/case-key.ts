import { isRecipient, newAgeIdentity, recipientOf } from "./age-identity.ts";
import { openSealed, SealRefusal, seal } from "./seal.ts";

/**
 * The key of one case: an age identity made in a browser; the server knows only the recipient. It carries the recipient that her
 * return code gives, so that whoever makes the next key seals it to her, and not to one that an altered server names.
 */
export type CaseKey = { readonly identity: string; readonly recipient: string; readonly survivorRecipient: string };

/** @param survivorRecipient  age1… of her return code. */
export async function newCaseKey(survivorRecipient: string): Promise<CaseKey> {
  const identity = newAgeIdentity();
  return { identity, recipient: await recipientOf(identity), survivorRecipient };
}

/** The case key sealed to one holder: an intake person, herself, or the centre's recovery key. */
export function wrapCaseKey({ identity, survivorRecipient }: CaseKey, holder: string): Promise<Uint8Array> {
  return seal({ caseIdentity: identity, survivorRecipient }, [holder]);
}

/** @throws {SealRefusal} when the holder's identity does not open it, or it holds something else. */
export async function unwrapCaseKey(wrapped: Uint8Array, identity: string): Promise<CaseKey> {
  const value = await openSealed(wrapped, identity);
  if (typeof value !== "object" || value === null) throw new SealRefusal("NOT_OURS");
  const { caseIdentity, survivorRecipient } = value as Record<string, unknown>;
  const isOurs =
    typeof caseIdentity === "string" && typeof survivorRecipient === "string" && isRecipient(survivorRecipient);
  if (!isOurs) throw new SealRefusal("NOT_OURS");
  return { identity: caseIdentity, recipient: await recipientOf(caseIdentity), survivorRecipient };
}
