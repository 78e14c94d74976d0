import { randomUUID } from "node:crypto";
import type { Database } from "../database.ts";

const MINUTES = 10;

/** Remembers a WebAuthn challenge until it is answered. @returns its id. */
export async function openCeremony(
  db: Database,
  asked: { readonly purpose: "enrol" | "sign-in"; readonly staffId: string | null; readonly challenge: string },
  now: Temporal.Instant,
): Promise<string> {
  const id = randomUUID();
  const expiresAt = now.add({ minutes: MINUTES }).toString();
  await db
    .insertInto("ceremony")
    .values({ id, ...asked, expiresAt })
    .execute();
  return id;
}

/** The challenge of a sign-in, once; null when it has expired or was answered. */
export async function takeSignIn(db: Database, id: string, now: Temporal.Instant): Promise<string | null> {
  const row = await db
    .deleteFrom("ceremony")
    .where("id", "=", id)
    .where("purpose", "=", "sign-in")
    .returning(["challenge", "expiresAt"])
    .executeTakeFirst();
  return row && Temporal.Instant.compare(row.expiresAt, now) > 0 ? row.challenge : null;
}

/** Challenges that an enrolment may answer; they go with it. */
export async function findEnrolChallenges(db: Database, staffId: string, now: Temporal.Instant): Promise<string[]> {
  const rows = await db
    .selectFrom("ceremony")
    .select("challenge")
    .where("staffId", "=", staffId)
    .where("purpose", "=", "enrol")
    .where("expiresAt", ">", now)
    .execute();
  return rows.map((row) => row.challenge);
}

export async function forgetCeremonies(db: Database, now: Temporal.Instant): Promise<void> {
  await db.deleteFrom("ceremony").where("expiresAt", "<", now).execute();
}
