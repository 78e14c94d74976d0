import type { Jikim } from "../jikim.ts";
import { messageIdOf } from "../mail/address.ts";
import { mailWay, sendMail } from "../mail/transport.ts";
import { findTelling, planTelling, settleTelling, takeTelling } from "../store/telling.ts";

/** Longer than one try can take. */
const TRY_SECONDS = 180;

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
  const now = jikim.now();
  // Nothing can be sent from here: staff tell her safe contact themselves.
  if (telling === null || way === null || from === null) return planTelling(jikim.db, caseId, null);
  if (!(await takeTelling(jikim.db, caseId, { now, until: now.add({ seconds: TRY_SECONDS }) }))) return;
  const { mail: to, text } = telling.notify;
  const messageId = messageIdOf(telling.id, from);
  // The subject says no more than the words do.
  const subject = text.slice(0, 60);
  const outcome = await sendMail(way, { to, from, messageId, subject, text });
  if (outcome === "accepted") return settleTelling(jikim, { caseId, since: telling.since });
  if (outcome === "refused") return planTelling(jikim.db, caseId, null);
  // Told twice, in the same words under the same Message-ID, harms less than not told.
  await planTelling(jikim.db, caseId, jikim.now());
  throw new NotTold();
}
