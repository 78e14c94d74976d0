import { type Approval, type Authority, approveBy, emergencyClock, lawOfAuthority, standingOf } from "@jikim/casework";
import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { AuthorityPost, EmergencyDue, Authority as ShownAuthority } from "../contract/captures.ts";
import type { Database, InTransaction, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";

/** What lies under the data key. `approval`: number of the paper that approved an emergency. */
type Facts = Pick<AuthorityPost, "number" | "office" | "scope" | "approvedBy"> & { readonly approval: string | null };
type Row = Selectable<Tables["authority"]>;

function sealFacts(vault: Vault, id: string, facts: Facts): Buffer {
  return vault.seal(facts, `authority/facts/${id}`);
}
function openFacts(vault: Vault, row: Row): Facts {
  return vault.open(row.factsSealed, `authority/facts/${row.id}`) as Facts;
}

/** An authority as the rules take it, with what its paper says. */
export type StoredAuthority = Authority & { readonly id: string; readonly facts: Facts };

function read(vault: Vault, row: Row): StoredAuthority {
  const facts = openFacts(vault, row);
  const { addresses, placeIds } = facts.scope;
  return {
    ...{ id: row.id, kind: row.kind, scope: { addresses, placeIds }, facts },
    ...{ from: row.fromAt, until: row.untilAt, approvedAt: row.approvedAt, endedAt: row.endedAt },
  };
}

/** False when an authority with this id is there already. */
export async function recordAuthority(
  tx: InTransaction,
  vault: Vault,
  { caseId, staffId, post, now }: Recorded,
): Promise<boolean> {
  const { id, kind, number, office, scope, approvedBy } = post;
  const from = Temporal.Instant.from(post.from);
  const result = await tx
    .insertInto("authority")
    .values({
      ...{ id, caseId, kind, recordedBy: staffId, recordedAt: now.toString() },
      factsSealed: sealFacts(vault, id, { number, office, scope, approvedBy, approval: null }),
      ...{ fromAt: from.toString(), untilAt: post.until },
      approveBy: approveBy({ kind, from })?.toString() ?? null,
    })
    .onConflict((same) => same.column("id").doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

type Recorded = {
  readonly caseId: string;
  readonly staffId: string;
  readonly post: AuthorityPost;
  readonly now: Temporal.Instant;
};

/** An authority of this case, or null. */
export async function findAuthority(
  db: Database,
  vault: Vault,
  of: { readonly caseId: string; readonly id: string },
): Promise<StoredAuthority | null> {
  const row = await db
    .selectFrom("authority")
    .selectAll()
    .where("id", "=", of.id)
    .where("caseId", "=", of.caseId)
    .executeTakeFirst();
  return row === undefined ? null : read(vault, row);
}

/** Records that an emergency was approved. False when somebody was first. */
export async function saveApproval(
  tx: InTransaction,
  vault: Vault,
  { id, facts }: StoredAuthority,
  approval: Approval & { readonly by: string; readonly number: string },
): Promise<boolean> {
  const sealed = sealFacts(vault, id, { ...facts, approvedBy: approval.by, approval: approval.number });
  const result = await tx
    .updateTable("authority")
    .set({ factsSealed: sealed, approvedAt: approval.at.toString(), untilAt: approval.until.toString() })
    .where("id", "=", id)
    .where("approvedAt", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** False when it ended before. */
export async function endAuthority(tx: InTransaction, id: string, now: Temporal.Instant): Promise<boolean> {
  const result = await tx
    .updateTable("authority")
    .set({ endedAt: now.toString() })
    .where("id", "=", id)
    .where("endedAt", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A case's authorities, newest first, as the desk shows them. */
export async function findAuthorities(
  db: Database,
  vault: Vault,
  { caseId, minor, now }: { readonly caseId: string; readonly minor: boolean; readonly now: Temporal.Instant },
): Promise<ShownAuthority[]> {
  const rows = await db
    .selectFrom("authority")
    .innerJoin("staff", "staff.id", "authority.recordedBy")
    .selectAll("authority")
    .select("staff.pseudonym")
    .select((the) =>
      the
        .selectFrom("capture")
        .select((any) => any.fn.countAll<number>().as("count"))
        .whereRef("capture.authorityId", "=", "authority.id")
        .where("capture.state", "=", "sealed")
        .as("captures"),
    )
    .where("authority.caseId", "=", caseId)
    .orderBy("authority.recordedAt", "desc")
    .orderBy("authority.id")
    .execute();
  return rows.map((row) => show(read(vault, row), row, { minor, now }));
}

type ShownRow = Row & { readonly pseudonym: string | null; readonly captures: number | null };

function show(
  authority: StoredAuthority,
  row: ShownRow,
  { minor, now }: { readonly minor: boolean; readonly now: Temporal.Instant },
): ShownAuthority {
  const { id, kind, facts, from, until, approvedAt, endedAt } = authority;
  const standing = standingOf(authority, now);
  const law = lawOfAuthority(kind, minor);
  const all = Number(row.captures ?? 0);
  return {
    ...{ id, kind, number: facts.number, office: facts.office, scope: facts.scope, approvedBy: facts.approvedBy },
    ...{ from: from.toString(), until: until?.toString() ?? null, standing },
    ...{ approvedAt: approvedAt?.toString() ?? null, approveBy: row.approveBy?.toString() ?? null },
    clock: kind === "emergency" ? emergencyClock(minor) : null,
    ...{ endedAt: endedAt?.toString() ?? null, recordedBy: row.pseudonym ?? "", recordedAt: row.recordedAt.toString() },
    law:
      law === null
        ? null
        : {
            ...{ law: { ...law.law }, article: law.article, mostMonths: law.mostMonths },
            ...{ source: law.source.where, asOf: law.source.asOf, mark: law.source.mark },
          },
    captures: { all, locked: standing === "lapsed" ? all : 0 },
  };
}

type DueRow = Omit<EmergencyDue, "clock" | "dueAt" | "overdue"> & {
  readonly approveBy: Temporal.Instant;
  readonly codesSealed: Buffer;
};

/** Emergencies that wait for approval, soonest first. @param heldBy  null: of all cases. */
export async function findUnapproved(db: Database, heldBy: string | null, limit: number): Promise<DueRow[]> {
  const rows = await db
    .selectFrom("authority")
    .innerJoin("cases", "cases.id", "authority.caseId")
    .select(["cases.id as caseId", "cases.number as caseNumber", "cases.codesSealed", "authority.id as authorityId"])
    .select("approveBy")
    .select((the) =>
      the
        .selectFrom("capture")
        .select((any) => any.fn.countAll<number>().as("count"))
        .whereRef("capture.authorityId", "=", "authority.id")
        .where("capture.state", "=", "sealed")
        .as("captures"),
    )
    .where("approveBy", "is not", null)
    .where("approvedAt", "is", null)
    .where("cases.state", "=", "open")
    .$if(heldBy !== null, (some) =>
      some.where(sql<boolean>`exists (select from case_wrap w where w.case_id = cases.id and w.holder = ${heldBy})`),
    )
    .orderBy("approveBy")
    .limit(limit)
    .execute();
  return rows.flatMap(({ approveBy: by, captures, ...row }) =>
    by === null ? [] : [{ ...row, approveBy: by, captures: Number(captures ?? 0) }],
  );
}

/** Sealed captures whose emergency was not approved in time and which nobody has recorded as locked; each is marked now. */
export async function lockLapsed(
  tx: InTransaction,
  now: Temporal.Instant,
): Promise<{ readonly packId: string; readonly caseId: string }[]> {
  const rows = await tx
    .updateTable("capture")
    .from("authority")
    .set({ lockedAt: now.toString() })
    .whereRef("authority.id", "=", "capture.authorityId")
    .where("authority.approvedAt", "is", null)
    .where("authority.approveBy", "<", now)
    .where("capture.state", "=", "sealed")
    .where("capture.lockedAt", "is", null)
    .returning(["capture.packId", "capture.caseId"])
    .execute();
  return rows.flatMap(({ packId, caseId }) => (packId === null ? [] : [{ packId, caseId }]));
}

/** Opens what an authority had locked. @returns the packs. */
export async function unlockUnder(tx: InTransaction, authorityId: string): Promise<string[]> {
  const rows = await tx
    .updateTable("capture")
    .set({ lockedAt: null })
    .where("authorityId", "=", authorityId)
    .where("lockedAt", "is not", null)
    .returning("packId")
    .execute();
  return rows.flatMap(({ packId }) => packId ?? []);
}
