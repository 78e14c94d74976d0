import { type SqlBool, sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";

/** A page that a source leads to. */
export type WatchedPage = {
  readonly sourceId: string;
  readonly pageKey: Buffer;
  readonly address: string;
  readonly kind: "page" | "sitemap";
  readonly turnAt: Temporal.Instant | null;
  readonly memory: object | null;
};

type Page = { readonly address: string; readonly kind: "page" | "sitemap"; readonly lookAt: Temporal.Instant };
type PageId = { readonly sourceId: string; readonly pageKey: Buffer };

const addressContext = ({ sourceId, pageKey }: PageId) => `watched_page/address/${sourceId}/${pageKey.toString("hex")}`;
const memoryContext = ({ sourceId, pageKey }: PageId) => `watched_page/memory/${sourceId}/${pageKey.toString("hex")}`;

const AT_ONCE = 500;

type Naming = { readonly sourceId: string; readonly pages: readonly Page[]; readonly most: number };

/**
 * Adds the pages that a source names now; those it named before keep their own time, and are known to be named still. A source that
 * was ended meanwhile leads nowhere.
 */
export async function namePages(
  db: Database,
  vault: Vault,
  { sourceId, pages, most }: Naming,
  now: Temporal.Instant,
): Promise<void> {
  const known = await db
    .selectFrom("watchedPage")
    .select((the) => the.fn.countAll<number>().as("count"))
    .where("sourceId", "=", sourceId)
    .executeTakeFirstOrThrow();
  const room = Math.max(0, most - known.count);
  for (let at = 0; at < pages.length; at += AT_ONCE) {
    const some = { sourceId, pages: pages.slice(at, at + AT_ONCE), most: Math.max(0, room - at) };
    const isWatched = await db.transaction().execute(async (tx) => {
      if (!(await holdSource(tx, sourceId))) return false;
      await nameSome(tx, vault, some, now);
      return true;
    });
    if (!isWatched) return;
  }
}

/** Keeps a source from being ended until the transaction is over, so that its end forgets what is named now. False: it was ended. */
async function holdSource(tx: InTransaction, sourceId: string): Promise<boolean> {
  const source = tx.selectFrom("source").select("id").where("id", "=", sourceId).where("endedAt", "is", null);
  return (await source.forShare().executeTakeFirst()) !== undefined;
}

async function nameSome(
  tx: InTransaction,
  vault: Vault,
  { sourceId, pages, most }: Naming,
  now: Temporal.Instant,
): Promise<void> {
  const keyed = pages.map((page) => ({ ...page, pageKey: vault.keyOf(page.address, "watched_page/page") }));
  const keys = keyed.map(({ pageKey }) => pageKey);
  const named = await tx
    .updateTable("watchedPage")
    .set({ namedAt: now.toString() })
    .where("sourceId", "=", sourceId)
    .where("pageKey", "in", keys)
    .returning("pageKey")
    .execute();
  const known = new Set(named.map(({ pageKey }) => pageKey.toString("hex")));
  const fresh = keyed.filter(({ pageKey }) => !known.has(pageKey.toString("hex"))).slice(0, most);
  if (fresh.length === 0) return;
  const values = fresh.map(({ address, kind, lookAt, pageKey }) => ({
    ...{ sourceId, pageKey, kind },
    addressSealed: vault.seal(address, addressContext({ sourceId, pageKey })),
    nextLookAt: lookAt.toString(),
    namedAt: now.toString(),
  }));
  await tx
    .insertInto("watchedPage")
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Forgets the pages of a source that it has not named since. */
export async function forgetPages(db: Database, sourceId: string, since: Temporal.Instant): Promise<void> {
  await db.deleteFrom("watchedPage").where("sourceId", "=", sourceId).where("namedAt", "<", since).execute();
}

export async function findDuePages(db: Database, now: Temporal.Instant, limit: number): Promise<PageId[]> {
  return db
    .selectFrom("watchedPage")
    .select(["sourceId", "pageKey"])
    .where("nextLookAt", "<=", now)
    .orderBy("nextLookAt")
    .limit(limit)
    .execute();
}

const isSourceWatched = sql<SqlBool>`exists (select from source s where s.id = watched_page.source_id and s.ended_at is null)`;

/** Takes a due page until a moment. Null: it is not due, somebody took it, or its source was ended. */
export async function takePage(
  db: Database,
  vault: Vault,
  id: PageId,
  { now, until }: { readonly now: Temporal.Instant; readonly until: Temporal.Instant },
): Promise<WatchedPage | null> {
  const row = await db
    .updateTable("watchedPage")
    .set({ nextLookAt: until.toString() })
    .where("sourceId", "=", id.sourceId)
    .where("pageKey", "=", id.pageKey)
    .where("nextLookAt", "<=", now)
    .where(isSourceWatched)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  const { sourceId, pageKey, kind, turnAt, memorySealed } = row;
  return {
    ...{ sourceId, pageKey, kind, turnAt },
    address: vault.open(row.addressSealed, addressContext(id)) as string,
    memory: memorySealed && (vault.open(memorySealed, memoryContext(id)) as object),
  };
}

export async function awaitPageTurn(db: Database, id: PageId, turnAt: Temporal.Instant): Promise<void> {
  const at = turnAt.toString();
  await db
    .updateTable("watchedPage")
    .set({ nextLookAt: at, turnAt: at })
    .where("sourceId", "=", id.sourceId)
    .where("pageKey", "=", id.pageKey)
    .execute();
}

/** Records that a page was looked at, and when it is next. */
export async function recordPage(
  db: Database,
  vault: Vault,
  of: PageId & { readonly memory: object | null; readonly lookedAt: Temporal.Instant | null },
  nextAt: Temporal.Instant,
): Promise<void> {
  const { sourceId, pageKey, memory, lookedAt } = of;
  await db
    .updateTable("watchedPage")
    .set({ nextLookAt: nextAt.toString(), turnAt: null })
    .set({ memorySealed: memory && vault.seal(memory, memoryContext(of)) })
    .set(lookedAt === null ? {} : { lookedAt: lookedAt.toString() })
    .where("sourceId", "=", sourceId)
    .where("pageKey", "=", pageKey)
    .execute();
}
