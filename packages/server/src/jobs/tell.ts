import type { Jikim } from "../jikim.ts";
import { messageIdOf } from "../mail/address.ts";
import { mailWay, sendMail } from "../mail/transport.ts";
import { findTelling, settleTelling } from "../store/telling.ts";

/** Thrown so that the job runs again later. */
class NotTold extends Error {
  override readonly name = "NotTold";
}

/**
 * Sends the neutral words that she chose to the address that she allowed, when a withdrawal waits. Until it was accepted, or when
 * it never will be, staff see in the queue that her safe contact is to be told.
 */
export async function tellSafeContact(jikim: Jikim, caseId: string): Promise<void> {
  const { neutralFrom: from } = jikim.config;
  const way = mailWay(jikim.config);
  const telling = await findTelling(jikim.db, jikim.vault, caseId);
  if (telling === null || way === null || from === null) return;
  const { mail: to, text } = telling.notify;
  const messageId = messageIdOf(telling.id, from);
  // The subject says no more than the words do.
  const subject = text.slice(0, 60);
  const outcome = await sendMail(way, { to, from, messageId, subject, text });
  if (outcome === "not-taken") throw new NotTold();
  if (outcome === "accepted") await settleTelling(jikim, { caseId, since: telling.since });
}
