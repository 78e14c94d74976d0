import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { type Fed, type FedNotice, findEnds, findFedNotices, type Page } from "../store/feed.ts";
import { findCase, lockCase, refreshNext } from "../store/next.ts";
import { readNoticeFacts } from "../store/notice-facts.ts";
import { lockRecipient } from "../store/recipient.ts";
import { recordReceipt } from "./due.ts";
import { mayLeave } from "./guard.ts";

/**
 * Notices that left for a platform after a number, and ends of earlier ones, oldest first. What stops a notice from leaving stops it
 * from being shown, so that who comes late does not learn of it at all. With the first reading a notice has arrived.
 */
export async function readFeed(jikim: Jikim, platformId: string, page: Page): Promise<Fed[]> {
  const { db, vault } = jikim;
  const notices = await findShown(jikim, platformId, page);
  const ends = await findEnds(db, vault, platformId, page);
  const read = [...notices.map((fed) => ({ ...fed, fed })), ...ends.map((end) => ({ ...end, fed: null }))]
    .sort((a, b) => a.number - b.number)
    .slice(0, page.limit);
  const unread = read.flatMap(({ fed }) => (fed !== null && fed.receivedAt === null ? [fed] : []));
  const given = await handOut(jikim, platformId, unread);
  const isGiven = (fed: FedNotice | null) => fed === null || fed.receivedAt !== null || given.has(fed.id);
  return read.filter(({ fed }) => isGiven(fed)).map(({ number, notice }) => ({ number, notice }));
}

/** The first that may be shown; those that may not are passed over. */
async function findShown(jikim: Jikim, platformId: string, { after, limit }: Page): Promise<FedNotice[]> {
  const { db, vault } = jikim;
  const shown: FedNotice[] = [];
  for (let from = after; ; ) {
    const fed = await findFedNotices(db, vault, platformId, { after: from, limit });
    const may = await db.transaction().execute((tx) => findLiving(tx, jikim, { platformId, fed }));
    shown.push(...fed.filter(({ id }) => may.has(id)));
    const last = fed.at(-1);
    if (last === undefined || fed.length < limit || shown.length >= limit) return shown;
    from = last.number;
  }
}

type Asked = { readonly platformId: string; readonly fed: readonly FedNotice[] };

/** Ids of the notices that the guards would let leave now. */
async function findLiving(
  tx: InTransaction,
  { vault }: Pick<Jikim, "vault">,
  { platformId, fed }: Asked,
): Promise<ReadonlySet<string>> {
  const living = new Set<string>();
  for (const [caseId, its] of Map.groupBy(fed, (one) => one.caseId)) {
    const caseRow = await findCase(tx, caseId);
    if (caseRow === undefined) continue;
    const facts = await readNoticeFacts(tx, vault, { caseRow, recipientId: platformId, places: its.length });
    if (mayLeave(facts)) for (const { id } of its) living.add(id);
  }
  return living;
}

/**
 * Gives out what was not read before, under the locks that a flag or a withdrawal has to wait for: either it was read, or it is stopped.
 * @returns ids of what was given out.
 */
async function handOut(jikim: Jikim, platformId: string, unread: readonly FedNotice[]): Promise<ReadonlySet<string>> {
  if (unread.length === 0) return new Set();
  return jikim.db.transaction().execute(async (tx) => {
    const now = jikim.now();
    // Cases in one order and before the recipient, as everybody locks them.
    const cases = [...new Set(unread.map(({ caseId }) => caseId))].sort();
    for (const caseId of cases) await lockCase(tx, caseId);
    await lockRecipient(tx, platformId);
    const given = new Set<string>();
    const living = await findLiving(tx, jikim, { platformId, fed: unread });
    for (const { id } of unread) if (living.has(id) && (await recordReceipt(tx, id, now))) given.add(id);
    for (const caseId of cases) await refreshNext(tx, jikim.vault, caseId, now);
    return given;
  });
}
