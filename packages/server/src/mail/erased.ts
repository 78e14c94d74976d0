import type { ImapFlow } from "imapflow";
import type { Jikim } from "../jikim.ts";
import { findUnsearched, noteSearched } from "../store/erased-notice.ts";
import type { MailboxSettings } from "./settings.ts";

/** Notices of one look: each is a search through the whole mailbox. */
const MOST = 200;

/**
 * Deletes from the mailbox, and from the folder that read mail is moved to, every mail that names a notice of an erased case: our own copies,
 * answers, and what was returned.
 */
export async function eraseMails(
  { db, now }: Pick<Jikim, "db" | "now">,
  client: ImapFlow,
  { folder, done }: MailboxSettings,
): Promise<void> {
  const ids = await findUnsearched(db, MOST);
  if (ids.length === 0) return;
  // The one that is listened to stays selected.
  for (const name of done === null ? [folder] : [done, folder]) {
    const lock = await client.getMailboxLock(name);
    try {
      for (const id of ids) {
        const uids = (await client.search({ text: id }, { uid: true })) || [];
        if (uids.length > 0) await client.messageDelete(uids, { uid: true });
      }
    } finally {
      lock.release();
    }
  }
  await noteSearched(db, ids, now());
}
