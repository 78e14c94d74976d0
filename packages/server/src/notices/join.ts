import { splitPlaces } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import type { CaseRow } from "../store/my-case.ts";
import { findPlacesOf, type NoticeRow } from "../store/notice.ts";
import { findKnownPlaces } from "../store/place.ts";
import type { Recipient } from "../store/recipient.ts";
import { findOpenSheet, joinNotice } from "../store/sheet.ts";
import { waysOf } from "./ways.ts";
import { findCaseFacts, write } from "./writing.ts";

export type Joining = {
  readonly caseRow: CaseRow;
  /** A draft, locked, that may be approved. */
  readonly row: NoticeRow;
  readonly recipient: Recipient;
};

/**
 * Puts what is approved onto a sheet for the same web form that nobody has sent yet, where the form takes all its places at once: one
 * form less to fill in. False: there is none, and the notice is a sheet of its own.
 */
export async function joinSheet(
  tx: InTransaction,
  jikim: Pick<Jikim, "vault" | "config">,
  { caseRow, row, recipient }: Joining,
  now: Temporal.Instant,
): Promise<boolean> {
  const { vault, config } = jikim;
  const ways = await waysOf(tx, { config, now: () => now }, recipient);
  const sheet = ways.length === 1 && ways[0] === "form" ? await findOpenSheet(tx, row) : null;
  if (sheet === null) return false;
  const ids = [...new Set([...(await findPlacesOf(tx, [sheet.id, row.id])).values()].flat())];
  const places = await findKnownPlaces(tx, vault, { caseId: caseRow.id, places: ids });
  if (places === null) return false;
  const addresses = places.map(({ address }) => address);
  if (splitPlaces(recipient.card, addresses).length !== 1) return false;
  const facts = await findCaseFacts(tx, vault, caseRow, now);
  const written = write(facts, recipient.card, { id: sheet.id, places: addresses });
  // Together they may have to be asked on another ground: then they stay two.
  const isSame =
    (written.ground?.id ?? null) === sheet.groundId && (written.ground?.asserted ?? false) === sheet.asserted;
  if (!isSame || written.missing.length > 0) return false;
  await joinNotice(tx, vault, { sheetId: sheet.id, draftId: row.id, written });
  return true;
}
