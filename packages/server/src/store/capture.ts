import { randomUUID } from "node:crypto";
import type { CaptureOrder, Role } from "@jikim/casework";
import { type Selectable, sql } from "kysely";
import type { Capture } from "../contract/captures.ts";
import type { Database, InTransaction, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";

type Row = Selectable<Tables["capture"]>;
type Sealed = { readonly url: string; readonly legalBasis: string | null };
export type CaptureFailure = NonNullable<Capture["failure"]>;
export type CaptureCounts = NonNullable<Capture["counts"]>;

function sealOrder(vault: Vault, id: string, order: Sealed): Buffer {
  return vault.seal(order, `capture/order/${id}`);
}
/** Address and legal basis of a capture, as they were ordered. */
export function openOrder(vault: Vault, row: Pick<Row, "id" | "orderSealed">): Sealed {
  return vault.open(row.orderSealed, `capture/order/${row.id}`) as Sealed;
}

/** An order, as it is kept. */
export type NewCapture = CaptureOrder & {
  readonly id: string;
  readonly caseId: string;
  readonly authorityId: string | null;
  readonly minor: boolean;
  readonly by: { readonly staffId: string; readonly role: Role };
  readonly at: Temporal.Instant;
  /** How long its session is kept in memory; null: it has none. */
  readonly sessionUntil: Temporal.Instant | null;
};

/** Keeps an order; the case's row is locked. False when the case has one with this id already. */
export async function orderCapture(tx: InTransaction, vault: Vault, order: NewCapture): Promise<boolean> {
  const { id, caseId, url, legalBasis, placeId, mode, minor, access, signedIn, authorityId, by, at } = order;
  const { last } = await tx
    .selectFrom("capture")
    .select((the) => the.fn.coalesce(the.fn.max("number"), sql<number>`0`).as("last"))
    .where("caseId", "=", caseId)
    .executeTakeFirstOrThrow();
  const result = await tx
    .insertInto("capture")
    .values({
      ...{
        id,
        caseId,
        number: Number(last) + 1,
        state: "queued",
        orderSealed: sealOrder(vault, id, { url, legalBasis }),
      },
      ...{ placeId, mode, minor, access, signedIn, authorityId },
      ...{ orderedBy: by.staffId, orderedRole: by.role, orderedAt: at.toString() },
      leaseUntil: order.sessionUntil?.toString() ?? null,
    })
    .onConflict((same) => same.column("id").doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** What was ordered, as the rule takes it. */
export async function findCaptureOrder(
  db: Database,
  vault: Vault,
  of: { readonly caseId: string; readonly id: string },
): Promise<{ readonly order: CaptureOrder; readonly authorityId: string | null } | null> {
  const row = await db
    .selectFrom("capture")
    .selectAll()
    .where("id", "=", of.id)
    .where("caseId", "=", of.caseId)
    .executeTakeFirst();
  return row === undefined ? null : { order: readOrder(vault, row), authorityId: row.authorityId };
}

function readOrder(vault: Vault, row: Row): CaptureOrder {
  const { placeId, mode, access, signedIn } = row;
  return { ...openOrder(vault, row), placeId, mode, access, signedIn };
}

/** The pack of the last capture of an address in a case; null: there is none. */
export async function findLastCaptureOf(
  db: Database,
  vault: Vault,
  of: { readonly caseId: string; readonly url: string },
): Promise<string | null> {
  const rows = await db
    .selectFrom("capture")
    .innerJoin("seal", "seal.packId", "capture.packId")
    .select(["capture.id", "capture.orderSealed", "capture.packId"])
    .where("capture.caseId", "=", of.caseId)
    .where("capture.state", "=", "sealed")
    .orderBy("capture.endedAt", "desc")
    .execute();
  return rows.find((row) => openOrder(vault, row).url === of.url)?.packId ?? null;
}

/** Puts a failed one into the queue again. False when it did not fail. */
export async function requeueCapture(
  tx: InTransaction,
  id: string,
  { now, sessionUntil }: { readonly now: Temporal.Instant; readonly sessionUntil: Temporal.Instant | null },
): Promise<boolean> {
  const result = await tx
    .updateTable("capture")
    .set({ state: "queued", failure: null, endedAt: null, tries: 0, startedAt: null, packId: null })
    .set({ orderedAt: now.toString(), leaseUntil: sessionUntil?.toString() ?? null, signedIn: sessionUntil !== null })
    .where("id", "=", id)
    .where("state", "=", "failed")
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A try at a capture that is ours until its lease runs out. */
export type CaptureTry = {
  readonly id: string;
  readonly caseId: string;
  readonly caseNumber: number;
  readonly number: number;
  /** Names the try, and the pack that it may make. */
  readonly packId: string;
  /** Of a try that was broken off: what it may have left half done. */
  readonly before: string | null;
  readonly tries: number;
  readonly order: CaptureOrder;
  readonly authorityId: string | null;
  readonly orderedRole: Role;
  readonly orderedAt: Temporal.Instant;
};

/** Whether it is made through a session, which lies in the memory of one process. */
export async function isSignedIn(db: Database, id: string): Promise<boolean> {
  const row = await db.selectFrom("capture").select("signedIn").where("id", "=", id).executeTakeFirst();
  return row?.signedIn ?? false;
}

type Lease = { readonly now: Temporal.Instant; readonly until: Temporal.Instant };

/**
 * Takes a capture for one try: one that waits, or one whose try gave no sign of life. Null when it is done, or somebody is at it. A try with a
 * session is never taken up again, as that was in the memory of who began it.
 */
export async function takeCapture(db: Database, vault: Vault, id: string, lease: Lease): Promise<CaptureTry | null> {
  const packId = randomUUID();
  const { rows } = await sql<Row & { before: string | null; caseNumber: number }>`
    update capture set state = 'running', pack_id = ${packId}, tries = capture.tries + 1,
      started_at = ${lease.now.toString()}, lease_until = ${lease.until.toString()}
    from (select id, pack_id as before from capture where id = ${id} for update) as old
    where capture.id = old.id
      and (capture.state = 'queued' or (capture.state = 'running' and not signed_in and lease_until < ${lease.now.toString()}))
    returning capture.*, old.before, (select cases.number from cases where cases.id = capture.case_id) as case_number`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    ...{
      id,
      caseId: row.caseId,
      caseNumber: row.caseNumber,
      number: row.number,
      packId,
      before: row.before,
      tries: row.tries,
    },
    order: readOrder(vault, row),
    ...{ authorityId: row.authorityId, orderedRole: row.orderedRole, orderedAt: row.orderedAt },
  };
}

type Ours = Pick<CaptureTry, "id" | "packId">;
const isOurs = ({ id, packId }: Ours) =>
  sql<boolean>`capture.id = ${id} and capture.pack_id = ${packId} and capture.state = 'running'`;

/** A sign of life. False when the try is not ours any more. */
export async function renewLease(db: Database, ours: Ours, until: Temporal.Instant): Promise<boolean> {
  const result = await db
    .updateTable("capture")
    .set({ leaseUntil: until.toString() })
    .where(isOurs(ours))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The pack is there. False when the try is not ours any more: then the pack must not stay. */
export async function finishCapture(
  tx: InTransaction,
  ours: Ours,
  { counts, at }: { readonly counts: CaptureCounts; readonly at: Temporal.Instant },
): Promise<boolean> {
  const result = await tx
    .updateTable("capture")
    .set({ state: "sealed", endedAt: at.toString(), leaseUntil: null, ...counts })
    .where(isOurs(ours))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The try failed for good. */
export async function failCapture(
  db: Database,
  ours: Ours,
  { failure, at }: { readonly failure: CaptureFailure; readonly at: Temporal.Instant },
): Promise<void> {
  await db
    .updateTable("capture")
    .set({ state: "failed", failure, endedAt: at.toString(), leaseUntil: null, packId: null })
    .where(isOurs(ours))
    .execute();
}

/** The try broke off, and another may be made. */
export async function releaseCapture(db: Database, ours: Ours): Promise<void> {
  await db.updateTable("capture").set({ state: "queued", leaseUntil: null }).where(isOurs(ours)).execute();
}

/** What waits for a try and whom nobody may have woken. */
export async function findDueCaptures(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("capture")
    .select("id")
    .where("signedIn", "=", false)
    .where((is) =>
      is.or([is("state", "=", "queued"), is.and([is("state", "=", "running"), is("leaseUntil", "<", now)])]),
    )
    .orderBy("orderedAt")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Gives up those whose session is gone with the process that held it. */
export async function failLostSessions(db: Database, now: Temporal.Instant): Promise<void> {
  await db
    .updateTable("capture")
    .set({ state: "failed", failure: "SESSION_LOST", endedAt: now.toString(), leaseUntil: null, packId: null })
    .where("signedIn", "=", true)
    .where("state", "in", ["queued", "running"])
    .where("leaseUntil", "<", now)
    .execute();
}
