import { type CaptureFacts, type CaptureOrder, checkCapture, countsAsMinor } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import { findAuthority, type StoredAuthority } from "../store/authority.ts";
import { findCentre } from "../store/centre.ts";
import { findClosedRooms } from "../store/closed-rooms.ts";
import { hasMandate } from "../store/notice-facts.ts";
import { openCodes } from "../store/sealed.ts";
import type { Vault } from "../vault.ts";

export type Allowed = { readonly minor: boolean; readonly authority: StoredAuthority | null };

/**
 * Asks the rule whether a capture may be made now, with the facts as they are; the case's row is locked.
 * @throws {Refusal} as `checkCapture`. @throws {ServerRefusal} `NOT_FOUND` for an authority of another case.
 */
export async function allowCapture(
  tx: InTransaction,
  vault: Vault,
  asked: {
    readonly caseRow: { readonly id: string; readonly codesSealed: Buffer };
    readonly order: CaptureOrder;
    readonly authorityId: string | null;
    readonly now: Temporal.Instant;
  },
): Promise<Allowed> {
  const { caseRow, order, authorityId, now } = asked;
  const authority =
    authorityId === null ? null : await findAuthority(tx, vault, { caseId: caseRow.id, id: authorityId });
  if (authorityId !== null && authority === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const minor = countsAsMinor(openCodes(vault, caseRow).ageBand);
  const facts: CaptureFacts = {
    ...{ minor, authority, hasMandate: await hasMandate(tx, caseRow.id) },
    hasCounsel: (await findClosedRooms(tx)) !== null,
    hasOpinion: Boolean((await findCentre(tx)).settings.counselOpinion?.trim()),
  };
  checkCapture(order, facts, now);
  return { minor, authority };
}
