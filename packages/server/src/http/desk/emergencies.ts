import { countsAsMinor, emergencyClock } from "@jikim/casework";
import type { captures } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { findUnapproved } from "../../store/authority.ts";
import { openCodes } from "../../store/sealed.ts";
import { heldBy, type staffOf } from "../session-guard.ts";

const MOST_DUE = 200;

/** Emergency measures that wait for approval in the cases she may see, soonest first: their 48 hours run whether or not anybody looks. */
export async function findEmergencies(
  jikim: Jikim,
  person: ReturnType<typeof staffOf>,
): Promise<captures.EmergencyDue[]> {
  const now = jikim.now();
  const rows = await findUnapproved(jikim.db, heldBy(person), MOST_DUE);
  return rows.map(({ approveBy, codesSealed, ...row }) => ({
    ...row,
    clock: emergencyClock(countsAsMinor(openCodes(jikim.vault, { id: row.caseId, codesSealed }).ageBand)),
    dueAt: approveBy.toString(),
    overdue: Temporal.Instant.compare(now, approveBy) > 0,
  }));
}
