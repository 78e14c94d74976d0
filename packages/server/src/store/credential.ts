import type { Selectable } from "kysely";
import type { Database, Tables } from "../database.ts";

export type CredentialRow = Selectable<Tables["credential"]>;

/** The passkey of this id, of someone who has not left. */
export async function findPasskey(db: Database, passkeyId: string): Promise<CredentialRow | null> {
  return (await credentials(db).where("passkeyId", "=", passkeyId).executeTakeFirst()) ?? null;
}

/** The passphrase of the person of this pseudonym, who has not left. */
export async function findPassphrase(db: Database, pseudonym: string): Promise<CredentialRow | null> {
  const row = await credentials(db)
    .where("staff.pseudonym", "=", pseudonym)
    .where("credential.kind", "=", "passphrase")
    .executeTakeFirst();
  return row ?? null;
}

function credentials(db: Database) {
  return db
    .selectFrom("credential")
    .innerJoin("staff", "staff.id", "credential.staffId")
    .selectAll("credential")
    .where("staff.state", "in", ["waiting", "active"]);
}

/** Keeps how often a passkey was used, so that a copy of it is noticed. */
export async function saveCounter(db: Database, credentialId: string, counter: number): Promise<void> {
  await db.updateTable("credential").set({ passkeyCounter: counter }).where("id", "=", credentialId).execute();
}
