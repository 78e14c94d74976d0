import { ABSENT_SECONDS, type Evidence } from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { findCopySeen } from "../store/mail.ts";
import { mailWay, sendMail } from "./transport.ts";
import { readMailboxOnce } from "./watch.ts";

export type Sought = {
  readonly messageId: string;
  /** Of the mail that is sent after it, to the archive alone. */
  readonly probeId: string;
  readonly archive: string;
};

/**
 * Whether our mail server took a mail of this Message-ID, by the blind copy that goes with every notice. That no copy is there proves
 * nothing while copies do not arrive: so a mail to the archive alone follows, and only when that one lies there for a while, and the
 * copy still does not, is it absent. Until then, and where it cannot be looked for: `unavailable`.
 */
export async function findCopy(jikim: Jikim, sought: Sought): Promise<Evidence> {
  const { db, vault, config, now } = jikim;
  const hasCopy = async () => (await findCopySeen(db, vault, sought.messageId)) !== null;
  if (await hasCopy()) return "accepted";
  if (config.mail.inbox === null) return "unavailable";
  try {
    await readMailboxOnce(jikim);
  } catch {
    return "unavailable";
  }
  if (await hasCopy()) return "accepted";
  const probed = await findCopySeen(db, vault, sought.probeId);
  if (probed === null) await probe(jikim, sought);
  const since = probed?.until(now()).total("seconds") ?? 0;
  return since >= ABSENT_SECONDS ? "absent" : "unavailable";
}

async function probe({ config }: Jikim, { probeId, archive }: Sought): Promise<void> {
  const way = mailWay(config);
  if (way === null) return;
  const text = "Jikim looks whether copies of its mail arrive here. Nothing needs to be done.\n";
  await sendMail(way, { to: archive, from: config.mailFrom, messageId: probeId, subject: "Jikim archive", text });
}
