import { randomUUID } from "node:crypto";
import { checkNotice, countsAsMinor, type Letter, writeLetter } from "@jikim/casework";
import type { Selectable } from "kysely";
import type { InTransaction, Tables } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import { type CentreRow, findCentre } from "../store/centre.ts";
import { insertDraft } from "../store/notice.ts";
import { findNoticeFacts } from "../store/notice-facts.ts";
import { findAddresses } from "../store/place.ts";
import { findRecipient, type Recipient } from "../store/recipient.ts";
import { openCodes } from "../store/sealed.ts";
import type { Vault } from "../vault.ts";

type CaseRow = Selectable<Tables["cases"]>;

/** What to ask of whom. */
export type Asked = {
  /** Locked. */
  readonly caseRow: CaseRow;
  readonly places: readonly string[];
  readonly recipients: readonly string[];
};

/**
 * Drafts one notice for each recipient over these places. A threat or a police hold stops sending, not drafting.
 * @returns ids of the drafts, in order of the recipients.
 * @throws {ServerRefusal} `NOT_FOUND`. @throws {Refusal} those of `checkNotice`.
 */
export async function draftNotices(
  tx: InTransaction,
  vault: Vault,
  asked: Asked,
  now: Temporal.Instant,
): Promise<string[]> {
  const { caseRow } = asked;
  const places = [...new Set(asked.places)];
  const addresses = await findAddresses(tx, vault, { caseId: caseRow.id, places });
  if (addresses === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const centre = await findCentre(tx);
  const drafted: string[] = [];
  for (const recipientId of new Set(asked.recipients)) {
    const recipient = await findRecipient(tx, vault, recipientId);
    if (recipient === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    const facts = await findNoticeFacts(tx, vault, { caseRow, recipientId, places: places.length });
    checkNotice({ ...facts, threatActive: false, policeHold: false });
    const id = randomUUID();
    const minor = countsAsMinor(openCodes(vault, caseRow).ageBand);
    const letter = letterTo(recipient, { id, centre, addresses, minor });
    await insertDraft(tx, vault, { id, caseId: caseRow.id, recipientId, places, letter }, now);
    drafted.push(id);
  }
  return drafted;
}

type Told = {
  readonly id: string;
  readonly centre: CentreRow;
  readonly addresses: readonly string[];
  readonly minor: boolean;
};

function letterTo({ card }: Recipient, { id, centre, addresses, minor }: Told): Letter {
  const { name, contact } = centre.settings;
  const { language } = card;
  const facts = {
    noticeId: id,
    centre: name[language],
    contact: [contact.mail, contact.phone].filter((way) => way !== "").join(" · "),
    recipient: card.name[language],
    places: addresses,
    minor,
  };
  return writeLetter(facts, language);
}
