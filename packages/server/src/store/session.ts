import { randomBytes } from "node:crypto";
import type { Role } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import type { Database } from "../database.ts";
import { hashOfToken } from "./token.ts";

/** A person at the desk, as her session knows her. */
export type SignedIn = {
  readonly staffId: string;
  readonly pseudonym: string;
  readonly roles: readonly Role[];
  readonly state: "waiting" | "active";
  readonly recipient: string | null;
  readonly verifyKey: string | null;
  readonly certificate: Signed | null;
  /** Her staff key under what she signed in with. */
  readonly wrapped: Buffer | null;
};

/** Starts a session. @returns its token, kept nowhere here but as a hash. */
export async function startSession(
  db: Database,
  who: { readonly staffId: string; readonly credentialId: string },
  span: { readonly from: Temporal.Instant; readonly hours: number },
): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await db
    .insertInto("session")
    .values({
      tokenHash: hashOfToken(token),
      ...who,
      createdAt: span.from.toString(),
      expiresAt: span.from.add({ hours: span.hours }).toString(),
    })
    .execute();
  return token;
}

export async function findSession(db: Database, token: string, now: Temporal.Instant): Promise<SignedIn | null> {
  const row = await db
    .selectFrom("session")
    .innerJoin("staff", "staff.id", "session.staffId")
    .innerJoin("credential", "credential.id", "session.credentialId")
    .select(["staff.id as staffId", "pseudonym", "roles", "state", "recipient", "verifyKey", "certificate", "wrapped"])
    .where("tokenHash", "=", hashOfToken(token))
    .where("session.expiresAt", ">", now)
    .executeTakeFirst();
  if (row === undefined || row.pseudonym === null || (row.state !== "waiting" && row.state !== "active")) return null;
  return { ...row, pseudonym: row.pseudonym, state: row.state };
}

export async function endSession(db: Database, token: string): Promise<void> {
  await db.deleteFrom("session").where("tokenHash", "=", hashOfToken(token)).execute();
}

/** Ends every session of a person, on every device. */
export async function endSessionsOf(db: Database, staffId: string): Promise<void> {
  await db.deleteFrom("session").where("staffId", "=", staffId).execute();
}

export async function forgetSessions(db: Database, now: Temporal.Instant): Promise<void> {
  await db.deleteFrom("session").where("expiresAt", "<", now).execute();
}
