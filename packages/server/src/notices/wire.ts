import { allowsSending } from "@jikim/casework";
import { type Signed, sign } from "@jikim/evidence";
import type { Fingerprint } from "@jikim/fingerprint";
import { noticeSchema, type WireNotice } from "@jikim/sdk/wire";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { findCentre } from "../store/centre.ts";
import { consentTo, findConsents } from "../store/consent.ts";
import { findFingerprints } from "../store/item.ts";
import { findPlacesOf, type NoticeRow, openLetter } from "../store/notice.ts";
import { findAddresses } from "../store/place.ts";
import { findPlatform, holdsKey } from "../store/platform.ts";
import { findRecipient } from "../store/recipient.ts";

const MOST_FINGERPRINTS = 1000;

/**
 * A notice as it leaves, signed by the service key. Never her name; fingerprints only where she agreed to share them, and only to a
 * platform that reads them from its feed with a key of its own: to whoever else is asked they would be a test of altered copies, and
 * mail is read on its way.
 */
export async function signNotice(
  tx: InTransaction,
  { vault, service }: Pick<Jikim, "vault" | "service">,
  row: NoticeRow,
  now: Temporal.Instant,
): Promise<Signed> {
  const recipient = await findRecipient(tx, vault, row.recipientId);
  const places = (await findPlacesOf(tx, [row.id])).get(row.id) ?? [];
  const addresses = await findAddresses(tx, vault, { caseId: row.caseId, places });
  if (recipient === null || addresses === null) throw new Error("a notice lacks its recipient or a place");
  const { settings } = await findCentre(tx);
  const { name, language } = recipient.card;
  const notice: WireNotice = {
    id: row.id,
    centre: settings.name[language],
    recipient: name[language],
    sentAt: now.toString(),
    places: addresses,
    fingerprints: holdsKey(await findPlatform(tx, row.recipientId), now)
      ? await sharedFingerprints(tx, { vault }, row.caseId)
      : [],
    letter: openLetter(vault, row),
  };
  return sign("notice", notice, service.secret);
}

/** The same notice for the mail: without fingerprints, which its platform reads from its feed. */
export function signForMail({ service }: Pick<Jikim, "service">, signed: Signed): Signed {
  const notice: WireNotice = noticeSchema.parse(JSON.parse(signed.payload));
  return notice.fingerprints.length === 0 ? signed : sign("notice", { ...notice, fingerprints: [] }, service.secret);
}

/** The first fingerprint of every item, then the others, as many as fit. */
async function sharedFingerprints(
  tx: InTransaction,
  { vault }: Pick<Jikim, "vault">,
  caseId: string,
): Promise<Fingerprint[]> {
  if (!allowsSending(consentTo("share", await findConsents(tx, caseId)))) return [];
  const items = [...(await findFingerprints(tx, vault, { caseId })).values()];
  const [first, others] = [items.flatMap((of) => of.slice(0, 1)), items.flatMap((of) => of.slice(1))];
  return [...first, ...others].slice(0, MOST_FINGERPRINTS);
}
