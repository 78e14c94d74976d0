import { randomUUID } from "node:crypto";
import type { Insertable } from "kysely";
import type { Database, Tables } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import { hashOfToken } from "./token.ts";

/** One way in: a verified passkey or a hashed passphrase, and the staff key under it. */
export type WayIn =
  | {
      readonly kind: "passkey";
      readonly passkeyId: string;
      readonly passkeyPublicKey: Buffer;
      readonly passkeyCounter: number;
      readonly wrapped: Buffer | null;
    }
  | { readonly kind: "passphrase"; readonly passphraseHash: string; readonly wrapped: Buffer | null };

export type Enrolled = {
  readonly token: string;
  readonly staffId: string;
  readonly state: "waiting" | "active";
  readonly pseudonym: string;
  readonly key: { readonly recipient: string; readonly verifyKey: string } | null;
  readonly waysIn: readonly WayIn[];
};

/**
 * Records an enrolment; its link dies with it. False when it was used meanwhile.
 * @throws {ServerRefusal} `PSEUDONYM_TAKEN`.
 */
export async function recordEnrolment(db: Database, enrolled: Enrolled, now: Temporal.Instant): Promise<boolean> {
  const { token, staffId, state, pseudonym, key, waysIn } = enrolled;
  return db.transaction().execute(async (tx) => {
    const result = await tx
      .updateTable("staff")
      .set({ state, pseudonym, recipient: key?.recipient ?? null, verifyKey: key?.verifyKey ?? null })
      .set({ inviteTokenHash: null, inviteExpiresAt: null })
      .where("id", "=", staffId)
      .where("state", "=", "invited")
      .where("inviteTokenHash", "=", hashOfToken(token))
      .executeTakeFirst()
      .catch(pseudonymTaken);
    if (result.numUpdatedRows === 0n) return false;
    await tx
      .insertInto("credential")
      .values(waysIn.map((way) => credentialRow(way, staffId, now)))
      .execute();
    await tx.deleteFrom("ceremony").where("staffId", "=", staffId).execute();
    return true;
  });
}

function credentialRow(way: WayIn, staffId: string, now: Temporal.Instant): Insertable<Tables["credential"]> {
  const [id, createdAt] = [randomUUID(), now.toString()];
  const none = { passkeyId: null, passkeyPublicKey: null, passkeyCounter: null, passphraseHash: null };
  return { id, staffId, createdAt, ...none, ...way };
}

function pseudonymTaken(error: unknown): never {
  const taken =
    typeof error === "object" && error !== null && "constraint" in error && error.constraint === "staff_pseudonym_key";
  throw taken ? new ServerRefusal({ code: "PSEUDONYM_TAKEN" }) : error;
}
