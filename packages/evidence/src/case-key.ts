import { newAgeIdentity, recipientOf } from "./age-identity.ts";
import { openSealed, SealRefusal, seal } from "./seal.ts";

/** The key of one case: an age identity made in a browser; the server knows only the recipient. */
export type CaseKey = { readonly identity: string; readonly recipient: string };

export async function newCaseKey(): Promise<CaseKey> {
  const identity = newAgeIdentity();
  return { identity, recipient: await recipientOf(identity) };
}

/** The case key sealed to one holder: an intake person, herself, or the centre's recovery key. */
export function wrapCaseKey(key: CaseKey, holder: string): Promise<Uint8Array> {
  return seal({ caseIdentity: key.identity }, [holder]);
}

/** @throws {SealRefusal} when the holder's identity does not open it, or it holds something else. */
export async function unwrapCaseKey(wrapped: Uint8Array, identity: string): Promise<CaseKey> {
  const value = await openSealed(wrapped, identity);
  if (
    typeof value !== "object" ||
    value === null ||
    !("caseIdentity" in value) ||
    typeof value.caseIdentity !== "string"
  )
    throw new SealRefusal("NOT_OURS");
  return { identity: value.caseIdentity, recipient: await recipientOf(value.caseIdentity) };
}
