import { randomUUID } from "node:crypto";
import { ACTS, type CaseState, type Next, type PlaceAddress } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import { sql } from "kysely";
import type { CheckedEffort } from "../challenge.ts";
import type { Report } from "../contract/portal.ts";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { spendEffort } from "./effort.ts";
import { logKeyGrant } from "./log.ts";
import { newPlaces } from "./place-row.ts";
import { keyOfFingerprint, sealCodes, sealFingerprint, sealNotify } from "./sealed.ts";
import { keyOfToken } from "./token.ts";

/** What was acknowledged under a submission id. */
export type Submitted = { readonly caseId: string; readonly tokenKey: Buffer; readonly receipt: Signed };

export async function findSubmission(db: Database, submissionId: string): Promise<Submitted | null> {
  const row = await db
    .selectFrom("cases")
    .select(["id as caseId", "tokenKey", "receipt"])
    .where("submissionId", "=", submissionId)
    .executeTakeFirst();
  return row ?? null;
}

/** How many reports came in during the last hour, counted up to `most`: more is not needed to see a flood. */
export async function countLately(db: Database, most: number, now: Temporal.Instant): Promise<number> {
  const lately = db
    .selectFrom("cases")
    .select(sql<number>`1`.as("one"))
    .where("receivedAt", ">", now.subtract({ hours: 1 }))
    .limit(most);
  const row = await db
    .selectFrom(lately.as("lately"))
    .select((count) => count.fn.countAll<number>().as("reports"))
    .executeTakeFirstOrThrow();
  return row.reports;
}

/** Everything a rule decided about a report before it is recorded. */
export type Accepted = {
  readonly report: Report;
  readonly places: readonly PlaceAddress[];
  readonly effort: CheckedEffort;
  readonly state: CaseState;
  readonly next: Next;
  readonly receipt: Signed;
  readonly at: Temporal.Instant;
};

/**
 * Records a report whole, or nothing of it. Null when the same submission or the same code was recorded meanwhile.
 * @throws {ServerRefusal} `EFFORT_SPENT`.
 */
export async function recordReport(db: Database, vault: Vault, accepted: Accepted): Promise<string | null> {
  const caseId = randomUUID();
  return db.transaction().execute(async (tx) => {
    if (!(await insertCase(tx, vault, { caseId, accepted }))) return null;
    await spendEffort(tx, accepted.effort);
    await insertSealed(tx, vault, caseId, accepted);
    await insertItems(tx, vault, { caseId, items: accepted.report.items });
    const places = newPlaces(vault, accepted.places, { caseId, firstNumber: 1, namedBy: "survivor" });
    if (places.length > 0) await tx.insertInto("place").values(places).execute();
    return caseId;
  });
}

async function insertCase(
  tx: InTransaction,
  vault: Vault,
  { caseId, accepted }: { readonly caseId: string; readonly accepted: Accepted },
): Promise<boolean> {
  const { report, next, at } = accepted;
  const result = await tx
    .insertInto("cases")
    .values({
      id: caseId,
      submissionId: report.submissionId,
      tokenKey: keyOfToken(vault, report.token),
      survivorRecipient: report.survivorRecipient,
      caseRecipient: report.caseRecipient,
      state: accepted.state,
      language: report.language,
      receivedAt: at.toString(),
      codesSealed: sealCodes(vault, caseId, { ...report.codes, policeHold: false }),
      notifySealed: report.notify === null ? null : sealNotify(vault, caseId, report.notify),
      withdrawalPlan: report.withdrawalPlan,
      receipt: JSON.stringify(accepted.receipt),
      nextAct: next.act,
      nextDueAt: next.dueAt?.toString() ?? null,
      nextClock: next.clock === null ? null : JSON.stringify(next.clock),
    })
    .onConflict((taken) => taken.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

async function insertSealed(tx: InTransaction, vault: Vault, caseId: string, { report, at }: Accepted): Promise<void> {
  const bytes = (text: string) => Buffer.from(text, "base64url");
  const wraps = report.wraps.map(({ holder, wrapped }) => ({ caseId, holder, wrapped: bytes(wrapped) }));
  await tx.insertInto("caseWrap").values(wraps).execute();
  await logKeyGrant(tx, vault, { caseId, keyVersion: 1, holders: wraps.map(({ holder }) => holder) }, at);
  const documents = report.documents.map(({ id, kind, sealed }) => ({
    ...{ id, caseId, kind, author: "survivor" as const, staffId: null },
    writtenAt: at.toString(),
    sealed: bytes(sealed),
  }));
  if (documents.length > 0) await tx.insertInto("document").values(documents).execute();
  const consents = ACTS.map((act) =>
    report.consents[act]
      ? { caseId, act, state: "given" as const, givenAt: at.toString() }
      : { caseId, act, state: "refused" as const, givenAt: null },
  );
  await tx.insertInto("consent").values(consents).execute();
}

async function insertItems(
  tx: InTransaction,
  vault: Vault,
  { caseId, items }: { readonly caseId: string; readonly items: Report["items"] },
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map((item, at) => ({ id: randomUUID(), caseId, number: at + 1, kind: item.kind }));
  await tx.insertInto("item").values(rows).execute();
  const fingerprints = items.flatMap((item, at) =>
    item.fingerprints.map((fingerprint, index) => {
      const [itemId, position] = [rows[at]?.id ?? "", index + 1];
      const fingerprintSealed = sealFingerprint(vault, itemId, position, fingerprint);
      return { itemId, position, fingerprintSealed, valueKey: keyOfFingerprint(vault, fingerprint.value) };
    }),
  );
  await tx.insertInto("itemFingerprint").values(fingerprints).execute();
}
