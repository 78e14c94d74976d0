import { isReachable } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { findPlatform, holdsKey } from "../store/platform.ts";
import {
  changeRecipient,
  findRecipient,
  lockRecipient,
  markHostile,
  type Recipient,
  type RecipientChange,
} from "../store/recipient.ts";
import { recordChanges } from "../store/recipient-change.ts";
import { stopHostile } from "./hostile.ts";
import { followChange } from "./moved.ts";

export type Correction = {
  readonly id: string;
  readonly change: RecipientChange & { readonly hostile?: boolean | undefined };
  readonly staffId: string;
};

/**
 * Corrects what is known of a recipient, and records who did. What waits for it follows: drafts are written anew, and what was approved
 * to another address waits for a new approval. @throws {ServerRefusal} `NOT_FOUND`, `RECIPIENT_UNREACHABLE`.
 */
export async function correctRecipient(jikim: Jikim, correction: Correction): Promise<void> {
  await jikim.db.transaction().execute((tx) => correct(tx, jikim, correction));
  await stopHostile(jikim);
  await followChange(jikim, correction.id);
}

async function correct(tx: InTransaction, jikim: Jikim, { id, change, staffId }: Correction): Promise<void> {
  const { vault } = jikim;
  const now = jikim.now();
  const { hostile, ...said } = change;
  await found(tx, jikim, id);
  await lockRecipient(tx, id);
  const before = await found(tx, jikim, id);
  await changeRecipient(tx, vault, id, said);
  if (hostile !== undefined) await markHostile(tx, id, hostile);
  const after = await found(tx, jikim, id);
  const isWayTouched = said.mail !== undefined || said.form !== undefined || hostile === false;
  if (isWayTouched && !after.hostile && !isReachable(after.card) && !holdsKey(await findPlatform(tx, id), now))
    throw new ServerRefusal({ code: "RECIPIENT_UNREACHABLE" });
  await recordChanges(tx, vault, { before, after }, { staffId, at: now });
}

async function found(tx: InTransaction, { vault }: Jikim, id: string): Promise<Recipient> {
  const recipient = await findRecipient(tx, vault, id);
  if (recipient === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  return recipient;
}
