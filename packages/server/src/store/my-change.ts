import { sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { keyOfToken } from "./token.ts";

/** Her own opening of the case is noted once in a while, so that she sees it if someone else holds her code. */
const SAME_VISIT_MINUTES = 30;

export async function recordOwnVisit(db: Database, caseId: string, now: Temporal.Instant): Promise<void> {
  await sql`insert into release (case_id, released_at, role, who, what)
    select ${caseId}, ${now.toString()}, 'survivor', '', 'opened'
    where not exists (select from release where case_id = ${caseId} and role = 'survivor' and what = 'opened'
      and released_at > ${now.subtract({ minutes: SAME_VISIT_MINUTES }).toString()}::timestamptz)`.execute(db);
}

/** How many messages she wrote in the last 24 hours. */
export async function countWritten(
  db: Database,
  caseId: string,
  kind: "message" | "provenance",
  now: Temporal.Instant,
): Promise<number> {
  const row = await db
    .selectFrom("document")
    .select((count) => count.fn.countAll<number>().as("written"))
    .where("caseId", "=", caseId)
    .where("kind", "=", kind)
    .where("author", "=", "survivor")
    .where("writtenAt", ">", now.subtract({ hours: 24 }))
    .executeTakeFirstOrThrow();
  return row.written;
}

/** How often she did this in the last 24 hours. */
export async function countOwnActs(
  db: Database,
  caseId: string,
  what: "withdrew" | "code-replaced" | "pack-sealed" | "pack-withdrawn",
  now: Temporal.Instant,
): Promise<number> {
  const row = await db
    .selectFrom("release")
    .select((count) => count.fn.countAll<number>().as("acts"))
    .where("caseId", "=", caseId)
    .where("role", "=", "survivor")
    .where("what", "=", what)
    .where("releasedAt", ">", now.subtract({ hours: 24 }))
    .executeTakeFirstOrThrow();
  return row.acts;
}

/** Her message waits for an answer from now, unless an older one already does. */
export async function awaitAnswer(tx: InTransaction, caseId: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable("cases")
    .set({ unansweredSince: now.toString() })
    .where("id", "=", caseId)
    .where("unansweredSince", "is", null)
    .execute();
}

/** The old code dies: from now only the new one finds the case. */
export async function replaceToken(
  tx: InTransaction,
  vault: Vault,
  caseId: string,
  to: { readonly token: string; readonly survivorRecipient: string },
): Promise<void> {
  await tx
    .updateTable("cases")
    .set({ tokenKey: keyOfToken(vault, to.token), survivorRecipient: to.survivorRecipient })
    .where("id", "=", caseId)
    .execute();
}
