import { PLAIN_REQUEST, type StandingPolicy } from "@jikim/casework";
import { type PolicyText, readPolicy, type Signed } from "@jikim/evidence";
import type { Selectable } from "kysely";
import type { Database, Tables } from "../database.ts";
import { certifiedBy, findStaff } from "./staff.ts";

export type PolicyRow = Selectable<Tables["policy"]>;

/** Who vouches now. */
export type Trust = { readonly root: string; readonly now: Temporal.Instant };

/** @returns false when there is one of this id. */
export async function insertPolicy(db: Database, text: PolicyText, signed: Signed): Promise<boolean> {
  const result = await db
    .insertInto("policy")
    .values({
      ...{ id: text.policyId, recipientId: text.recipientId, signed: JSON.stringify(signed), madeBy: text.staffId },
      ...{ groundId: text.ground === PLAIN_REQUEST ? null : text.ground, madeAt: text.madeAt, endsAt: text.endsAt },
      ...{ revokedAt: null, revokedBy: null },
    })
    .onConflict((same) => same.column("id").doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** @returns false when there is none, or it was revoked before. */
export async function revokePolicy(
  db: Database,
  id: string,
  by: { readonly staffId: string; readonly now: Temporal.Instant },
): Promise<boolean> {
  const result = await db
    .updateTable("policy")
    .set({ revokedAt: by.now.toString(), revokedBy: by.staffId })
    .where("id", "=", id)
    .where("revokedAt", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Newest first. */
export function findPolicies(db: Database): Promise<PolicyRow[]> {
  return db.selectFrom("policy").selectAll().orderBy("madeAt", "desc").orderBy("id").execute();
}

/** A standing policy, with who signed it. */
export type SignedPolicy = StandingPolicy & { readonly id: string; readonly madeBy: string };

/** What may stand in for an approval towards a recipient. That a policy is in our table proves nothing: its signature does. */
export async function findPoliciesFor(db: Database, recipientId: string, trust: Trust): Promise<SignedPolicy[]> {
  const rows = await db
    .selectFrom("policy")
    .selectAll()
    .where("recipientId", "=", recipientId)
    .where("revokedAt", "is", null)
    .where("endsAt", ">", trust.now)
    .orderBy("madeAt")
    .execute();
  const policies: SignedPolicy[] = [];
  for (const row of rows) policies.push(await readRow(db, row, trust));
  return policies;
}

/** A standing policy, whatever became of it. Null when there is none. */
export async function findPolicy(db: Database, id: string, trust: Trust): Promise<SignedPolicy | null> {
  const row = await db.selectFrom("policy").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : readRow(db, row, trust);
}

/** Approved notices of which something waits to leave, although the policy that stood in for an approval was revoked or has ended. */
export async function findUnapproved(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("notice")
    .innerJoin("policy", "policy.id", "notice.policyId")
    .select("notice.id")
    .where("notice.state", "=", "approved")
    .where((any) => any.or([any("policy.revokedAt", "is not", null), any("policy.endsAt", "<=", now)]))
    .where((any) =>
      any.exists(
        any
          .selectFrom("delivery")
          .select("delivery.channel")
          .whereRef("delivery.noticeId", "=", "notice.id")
          .where("delivery.state", "in", ["pending", "by-hand"]),
      ),
    )
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export async function readRow(db: Database, row: PolicyRow, trust: Trust): Promise<SignedPolicy> {
  const text = await readHers(db, row, trust);
  const ground = row.groundId ?? PLAIN_REQUEST;
  const same =
    text !== null &&
    text.policyId === row.id &&
    text.recipientId === row.recipientId &&
    text.ground === ground &&
    Temporal.Instant.compare(text.madeAt, row.madeAt) === 0 &&
    Temporal.Instant.compare(text.endsAt, row.endsAt) === 0;
  return {
    ...{ id: row.id, madeBy: row.madeBy, recipientId: row.recipientId, ground },
    ...{ from: row.madeAt, until: row.endsAt, withdrawnAt: row.revokedAt, signatureHolds: same },
  };
}

/** What she signed, when she is a supervisor for whose key the root vouches now. */
async function readHers(db: Database, row: PolicyRow, trust: Trust): Promise<PolicyText | null> {
  const text = await readSignedBy(db, row.signed, { staffId: row.madeBy, ...trust });
  return text?.staffId === row.madeBy ? text : null;
}

/** What a supervisor signed with the key that the root vouches for now; null when it is not hers, or she is none. */
export async function readSignedBy(
  db: Database,
  signed: Signed,
  by: Trust & { readonly staffId: string },
): Promise<PolicyText | null> {
  const staff = await findStaff(db, by.staffId);
  if (staff === null || staff.state !== "active" || staff.verifyKey === null) return null;
  if (!staff.roles.includes("supervisor") || certifiedBy(staff, by.root, by.now) === null) return null;
  return readPolicy(signed, staff.verifyKey);
}
