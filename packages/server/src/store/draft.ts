import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { keyOfDraftToken } from "./token.ts";

export type Draft = { readonly sealed: Buffer; readonly expiresAt: Temporal.Instant };

/** Keeps a draft under its token, over the one before. */
export async function saveDraft(
  db: Database,
  vault: Vault,
  draft: Draft & { readonly token: string; readonly savedAt: Temporal.Instant },
): Promise<void> {
  const values = {
    sealed: draft.sealed,
    savedAt: draft.savedAt.toString(),
    expiresAt: draft.expiresAt.toString(),
  };
  await db
    .insertInto("draft")
    .values({ tokenKey: keyOfDraftToken(vault, draft.token), ...values })
    .onConflict((same) => same.column("tokenKey").doUpdateSet(values))
    .execute();
}

export async function findDraft(db: Database, tokenKey: Buffer, now: Temporal.Instant): Promise<Draft | null> {
  const row = await db
    .selectFrom("draft")
    .select(["sealed", "expiresAt"])
    .where("tokenKey", "=", tokenKey)
    .where("expiresAt", ">", now)
    .executeTakeFirst();
  return row ?? null;
}

export async function deleteDraft(db: Database, tokenKey: Buffer): Promise<void> {
  await db.deleteFrom("draft").where("tokenKey", "=", tokenKey).execute();
}

export async function forgetDrafts(db: Database, now: Temporal.Instant): Promise<void> {
  await db.deleteFrom("draft").where("expiresAt", "<", now).execute();
}
