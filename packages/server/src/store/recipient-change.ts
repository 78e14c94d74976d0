import { randomUUID } from "node:crypto";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import type { Recipient } from "./recipient.ts";

/** What a person may say anew of a recipient. */
export const RECIPIENT_FIELDS = ["mail", "form", "jurisdiction", "language", "hosts", "hostile"] as const;
export type RecipientField = (typeof RECIPIENT_FIELDS)[number];
type Value = string | boolean | readonly string[] | null;

/** One field of a recipient that somebody changed. */
export type RecordedChange = {
  readonly field: RecipientField;
  readonly from: Value;
  readonly to: Value;
  /** A pseudonym; null: somebody who has left. */
  readonly by: string | null;
  readonly at: Temporal.Instant;
};

const contextOf = (id: string) => `recipient_change/change/${id}`;

function valueFor({ card, hosts, hostile }: Recipient, field: RecipientField): Value {
  if (field === "hosts") return hosts;
  return field === "hostile" ? hostile : card[field];
}

/** Records field by field what differs between a recipient as it was and as it is. Its row is locked. */
export async function recordChanges(
  tx: InTransaction,
  vault: Vault,
  { before, after }: { readonly before: Recipient; readonly after: Recipient },
  by: { readonly staffId: string; readonly at: Temporal.Instant },
): Promise<void> {
  for (const field of RECIPIENT_FIELDS) {
    const [from, to] = [valueFor(before, field), valueFor(after, field)];
    if (JSON.stringify(from) === JSON.stringify(to)) continue;
    const id = randomUUID();
    const changeSealed = vault.seal({ from, to }, contextOf(id));
    await tx
      .insertInto("recipientChange")
      .values({ id, recipientId: before.id, field, changeSealed, changedBy: by.staffId, changedAt: by.at.toString() })
      .execute();
  }
}

/** All changes of a recipient, the last first; and since when it is known. Null when there is none of this id. */
export async function findChanges(
  db: Database,
  vault: Vault,
  recipientId: string,
): Promise<{ readonly knownSince: Temporal.Instant; readonly changes: readonly RecordedChange[] } | null> {
  const known = await db.selectFrom("recipient").select("createdAt").where("id", "=", recipientId).executeTakeFirst();
  if (known === undefined) return null;
  const rows = await db
    .selectFrom("recipientChange")
    .innerJoin("staff", "staff.id", "recipientChange.changedBy")
    .select(["recipientChange.id", "field", "changeSealed", "changedAt", "pseudonym"])
    .where("recipientId", "=", recipientId)
    .orderBy("number", "desc")
    .execute();
  const changes = rows.map(({ id, field, changeSealed, changedAt, pseudonym }) => {
    const { from, to } = vault.open(changeSealed, contextOf(id)) as Pick<RecordedChange, "from" | "to">;
    return { field, from, to, by: pseudonym, at: changedAt };
  });
  return { knownSince: known.createdAt, changes };
}

/** Cases with a notice to a recipient that is drafted, or approved with something unsent. */
export async function findCasesWaiting(db: Database, recipientId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("notice")
    .select("caseId")
    .distinct()
    .where("recipientId", "=", recipientId)
    .where((any) =>
      any.or([
        any("state", "in", ["draft", "approved"]),
        any.exists(
          any
            .selectFrom("delivery")
            .select("delivery.noticeId")
            .whereRef("delivery.noticeId", "=", "notice.id")
            .where("delivery.state", "not in", ["sent", "failed"]),
        ),
      ]),
    )
    .orderBy("caseId")
    .execute();
  return rows.map((row) => row.caseId);
}

/** The notices of a locked case to a recipient that wait. */
export async function findApprovedTo(tx: InTransaction, caseId: string, recipientId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom("notice")
    .select("id")
    .where("caseId", "=", caseId)
    .where("recipientId", "=", recipientId)
    .where("state", "in", ["approved", "sent"])
    .orderBy("id")
    .execute();
  return rows.map((row) => row.id);
}
