import type { Jikim } from "../jikim.ts";
import { hasCopy } from "../store/mail.ts";
import { readMailboxOnce } from "./watch.ts";

/**
 * Whether our mail server took a mail of this Message-ID, by the blind copy that goes with every notice. The copy may come later
 * than one looks: `false` says that it is not there yet. Null: it cannot be looked for.
 */
export async function wasAccepted(jikim: Jikim, messageId: string): Promise<boolean | null> {
  const { db, vault, config } = jikim;
  if (await hasCopy(db, vault, messageId)) return true;
  if (config.mail.inbox === null) return null;
  try {
    await readMailboxOnce(jikim);
  } catch {
    return null;
  }
  return hasCopy(db, vault, messageId);
}
