import { keysOfReturnCode, openSealed, type ReturnCode, recipientOf, seal } from "@jikim/evidence";
import type { Waiting } from "./device.ts";
import type { Parcel } from "./submission.ts";

/** Seals a whole report, places and token included, for the time until it is acknowledged; only her code opens it. */
export async function sealWaiting(parcel: Parcel, code: ReturnCode): Promise<Waiting> {
  const recipient = await recipientOf(keysOfReturnCode(code).draftIdentity);
  return { id: parcel.report.submissionId, sealed: await seal(parcel, [recipient]) };
}

/** The report that waits under this code, or null. A seal under her key was made by her: its shape is believed. */
export async function openWaiting(waiting: readonly Waiting[], code: ReturnCode): Promise<Parcel | null> {
  const identity = keysOfReturnCode(code).draftIdentity;
  for (const { sealed } of waiting) {
    const value = await openSealed(sealed, identity).catch(() => null);
    if (typeof value === "object" && value !== null && "report" in value && "key" in value) return value as Parcel;
  }
  return null;
}
