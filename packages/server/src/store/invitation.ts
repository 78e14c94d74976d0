import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { Role } from "@jikim/casework";
import type { Database } from "../database.ts";
import type { StaffRow } from "./staff.ts";
import { hashOfToken } from "./token.ts";

/** Invites someone into these roles. @returns her id. */
export async function invite(
  db: Database,
  invited: { readonly roles: readonly Role[]; readonly token: string; readonly expiresAt: Temporal.Instant },
  now: Temporal.Instant,
): Promise<string> {
  const id = randomUUID();
  await db
    .insertInto("staff")
    .values({
      id,
      roles: [...invited.roles],
      state: "invited",
      inviteTokenHash: hashOfToken(invited.token),
      inviteExpiresAt: invited.expiresAt.toString(),
      createdAt: now.toString(),
    })
    .execute();
  return id;
}

/** Whose invitation a token is; null when it has expired or was used. */
export async function findInvited(db: Database, token: string, now: Temporal.Instant): Promise<StaffRow | null> {
  const row = await db
    .selectFrom("staff")
    .selectAll()
    .where("inviteTokenHash", "=", hashOfToken(token))
    .where("state", "=", "invited")
    .where("inviteExpiresAt", ">", now)
    .executeTakeFirst();
  return row ?? null;
}

/** The two people of the first set-up, in the order in which they enrol. The intake person starts as the whole casework staff. */
const FIRST: readonly (readonly Role[])[] = [["admin"], ["intake", "caseworker", "supervisor"]];

const SETUP_HOURS = 72;

/**
 * While the centre is not set up: a new one-time link, which ends the one before. Null once the centre is open.
 * Enrolment tokens are derived from it, so that the page can be reloaded.
 */
export async function renewSetup(db: Database, now: Temporal.Instant): Promise<string | null> {
  const token = randomBytes(32).toString("base64url");
  return db.transaction().execute(async (tx) => {
    const result = await tx
      .updateTable("centre")
      .set({ setupTokenHash: hashOfToken(token) })
      .where("openedAt", "is", null)
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n) return null;
    await tx.deleteFrom("staff").where("state", "=", "invited").execute();
    const enrolled = await tx.selectFrom("staff").select("roles").execute();
    const expiresAt = now.add({ hours: SETUP_HOURS });
    for (const roles of FIRST.filter(([role]) => !enrolled.some((person) => role && person.roles.includes(role))))
      await invite(tx, { roles, token: enrolmentToken(token, roles), expiresAt }, now);
    return token;
  });
}

/** Whether this is the token of the set-up. */
export async function isSetupToken(db: Database, token: string): Promise<boolean> {
  const row = await db
    .selectFrom("centre")
    .select("id")
    .where("setupTokenHash", "=", hashOfToken(token))
    .executeTakeFirst();
  return row !== undefined;
}

/** The enrolment token of one of the first two people. */
export function enrolmentToken(setupToken: string, roles: readonly Role[]): string {
  return createHmac("sha256", setupToken).update(`enrol ${roles.join()}`).digest("base64url");
}
