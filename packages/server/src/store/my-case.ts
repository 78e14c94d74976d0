import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { MyCase } from "../contract/portal.ts";
import type { Database, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";
import { findConsents, showConsent } from "./consent.ts";
import { findDocuments } from "./document.ts";
import { findCaseErasure, latestErasure } from "./erase-case.ts";
import { findHolders, findWrap } from "./holder.ts";
import { findPlaces } from "./place.ts";
import { findRecipients } from "./recipient.ts";
import { findReleases } from "./release.ts";
import { findFileKeys } from "./sealed-file.ts";

export type CaseRow = Selectable<Tables["cases"]>;

/** The case that a return code opens; null when there is none. */
export async function findCaseByToken(db: Database, tokenKey: Buffer): Promise<CaseRow | null> {
  return (await db.selectFrom("cases").selectAll().where("tokenKey", "=", tokenKey).executeTakeFirst()) ?? null;
}

/** Everything her pages show of her case. Its documents are all of them: whoever replaces the code seals each one anew. */
export async function findMyCase(
  db: Database,
  vault: Vault,
  row: CaseRow,
  trust: { readonly root: string; readonly now: Temporal.Instant },
): Promise<MyCase> {
  const { id, state, keyVersion, caseRecipient, withdrawalPlan } = row;
  const holders = await findHolders(db, id, trust);
  return {
    ...{ id, state, keyVersion, caseRecipient, withdrawalPlan },
    receivedAt: row.receivedAt.toString(),
    wrapped: (await findWrap(db, id, "survivor"))?.toString("base64url") ?? "",
    holders: holders.map((holder) => holder.certificate),
    hasMandate: await hasMandate(db, id),
    erasure: await findMyErasure(db, id),
    consents: (await findConsents(db, id)).map(showConsent),
    items: await findMyItems(db, id, trust.now),
    places: await findMyPlaces(db, vault, row),
    documents: await findDocuments(db, id),
    fileKeys: await findFileKeys(db, id),
    releases: await findReleases(db, id),
  };
}

async function findMyErasure(db: Database, caseId: string): Promise<MyCase["erasure"]> {
  const { wantedAt, erasedAt } = await findCaseErasure(db, caseId);
  if (erasedAt !== null) return { by: erasedAt.toString(), done: true };
  return wantedAt === null ? null : { by: latestErasure(wantedAt).toString(), done: false };
}

async function hasMandate(db: Database, caseId: string): Promise<boolean> {
  const row = await db.selectFrom("mandate").select("caseId").where("caseId", "=", caseId).executeTakeFirst();
  return row !== undefined;
}

async function findMyItems(db: Database, caseId: string, now: Temporal.Instant): Promise<MyCase["items"]> {
  const items = await db
    .selectFrom("item")
    .select(["id", "number", "kind"])
    .where("caseId", "=", caseId)
    .orderBy("number")
    .execute();
  const entries = await findMyEntries(db, caseId);
  const platforms = await countFollowers(db, now);
  return items.map(({ id, number, kind }) => {
    const entry = entries.get(id);
    if (entry === undefined) return { number, kind, listed: null };
    const { state, since, stopped, confirmed } = entry;
    return { number, kind, listed: { state, since: since.toString(), stopped, platforms, confirmed } };
  });
}

type MyEntry = {
  readonly state: "active" | "withdrawn";
  readonly since: Temporal.Instant;
  readonly stopped: number;
  readonly confirmed: number;
};

/** By item: its active entry, else the last withdrawn, with what platforms answered. */
async function findMyEntries(db: Database, caseId: string): Promise<ReadonlyMap<string, MyEntry>> {
  const rows = await db
    .selectFrom("entry")
    .distinctOn("itemId")
    .select(["itemId", "state", "since"])
    .select([
      sql<number>`(select count(*) from platform_answer a
        where a.entry_id = entry.id and a.did in ('held', 'blocked'))`.as("stopped"),
      sql<number>`(select count(distinct a.platform_id) from platform_answer a
        where a.entry_id = entry.id and a.did = 'dropped')`.as("confirmed"),
    ])
    .where("caseId", "=", caseId)
    .orderBy("itemId")
    .orderBy("state")
    .orderBy("since", "desc")
    .execute();
  return new Map(rows.map((row) => [row.itemId, row]));
}

/** Platforms that follow the list: they have a key that works, and asked for the list with it. */
async function countFollowers(db: Database, now: Temporal.Instant): Promise<number> {
  const row = await db
    .selectFrom("platform")
    .innerJoin("recipient", "recipient.id", "platform.id")
    .select((count) => count.fn.countAll<number>().as("platforms"))
    .where("listNumber", "is not", null)
    .where("keyRevokedAt", "is", null)
    .where("hostile", "=", false)
    .where("keyExpiresAt", ">", now)
    .executeTakeFirstOrThrow();
  return row.platforms;
}

async function findMyPlaces(
  db: Database,
  vault: Vault,
  { id: caseId, language }: Pick<CaseRow, "id" | "language">,
): Promise<MyCase["places"]> {
  // What she did not name herself is shown to staff only, until her mandate is checked.
  const isChecked = await hasMandate(db, caseId);
  const places = (await findPlaces(db, vault, caseId)).filter(({ namedBy }) => isChecked || namedBy === "survivor");
  const asked = await db
    .selectFrom("noticePlace")
    .innerJoin("notice", "notice.id", "noticePlace.noticeId")
    .select(["noticePlace.placeId", "notice.recipientId", "notice.sentAt", "notice.answer"])
    .where("notice.caseId", "=", caseId)
    .where("notice.sentAt", "is not", null)
    .orderBy("notice.sentAt")
    .execute();
  const recipients = await findRecipients(
    db,
    vault,
    asked.map((notice) => notice.recipientId),
  );
  const nameOf = (id: string) => recipients.get(id)?.card.name[language] ?? "";
  const byPlace = Map.groupBy(asked, (notice) => notice.placeId);
  return places.map(({ id, number, address, state, namedBy, canary, fetchYes, checks }) => {
    const last = checks.at(-1);
    const notices = byPlace.get(id) ?? [];
    return {
      ...{ id, number, address, state, namedBy, canary, fetchYes },
      asked: notices.map(({ recipientId, sentAt, answer }) => ({
        recipient: nameOf(recipientId),
        sentAt: String(sentAt),
        answer,
      })),
      lastCheck: last === undefined ? null : { at: last.at, outcome: last.outcome },
    };
  });
}
