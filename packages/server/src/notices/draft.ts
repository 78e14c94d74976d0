import { randomUUID } from "node:crypto";
import { checkNotice } from "@jikim/casework";
import type { Selectable } from "kysely";
import type { InTransaction, Tables } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import { insertDraft } from "../store/notice.ts";
import { findNoticeFacts } from "../store/notice-facts.ts";
import { findKnownPlaces } from "../store/place.ts";
import { findRecipient } from "../store/recipient.ts";
import type { Vault } from "../vault.ts";
import { batchesOf } from "./batches.ts";
import { findCaseFacts, write } from "./writing.ts";

type CaseRow = Selectable<Tables["cases"]>;

/** Who is asked about which places. */
export type Asked = {
  /** Locked. */
  readonly caseRow: CaseRow;
  /** Ids of places, by id of the recipient. */
  readonly placesOf: ReadonlyMap<string, readonly string[]>;
};

/**
 * Drafts the fewest notices that each recipient accepts over its places. A threat or a police hold stops sending, not drafting.
 * @returns ids of the drafts, in order of the recipients.
 * @throws {ServerRefusal} `NOT_FOUND`. @throws {Refusal} those of `checkNotice`.
 */
export async function draftNotices(
  tx: InTransaction,
  vault: Vault,
  { caseRow, placesOf }: Asked,
  now: Temporal.Instant,
): Promise<string[]> {
  const facts = await findCaseFacts(tx, vault, caseRow, now);
  const drafted: string[] = [];
  for (const [recipientId, asked] of placesOf) {
    const places = await findKnownPlaces(tx, vault, { caseId: caseRow.id, places: asked });
    const recipient = await findRecipient(tx, vault, recipientId);
    if (recipient === null || places === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    const guards = await findNoticeFacts(tx, vault, { caseRow, recipientId, places: places.length });
    checkNotice({ ...guards, threatActive: false, policeHold: false });
    for (const batch of batchesOf(facts, recipient.card, places)) {
      const id = randomUUID();
      const written = write(facts, recipient.card, { id, places: batch.map(({ address }) => address) });
      const of = { id, caseId: caseRow.id, recipientId, places: batch.map((place) => place.id) };
      await insertDraft(tx, vault, { ...of, written }, now);
      drafted.push(id);
    }
  }
  return drafted;
}
