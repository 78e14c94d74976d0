import type { Means } from "../checks/look.ts";
import type { Jikim } from "../jikim.ts";
import { awaitPageTurn, namePages, recordPage, takePage, type WatchedPage } from "../store/watched-page.ts";
import type { WatchedItem } from "../store/watching.ts";
import { recordHit } from "./hit.ts";
import { findItemsIn, openWatchIndex, type WatchIndex } from "./index-of-items.ts";
import { sitemapLinks } from "./links.ts";
import { MOST_PAGES } from "./sweep-source.ts";
import { turnFor } from "./turn.ts";
import { memoryOf, openVisitor, type VisitMemory, type Visitor } from "./visit.ts";

const TAKEN_SECONDS = 900;
/** Pages are looked at again after a week, as long as their source names them; a new case may know what they show. */
const AGAIN_HOURS = 7 * 24;
const PAGE_BYTES = 5 << 20;
const SITEMAP_BYTES = 52_428_800;
const PICTURE_BYTES = 25 << 20;
const FILM_BYTES = 96 << 20;
const MOST_PICTURES = 30;
const MOST_FILMS = 3;

/** What is remembered of a page, and what was watched for when it was looked at. */
type PageMemory = VisitMemory & { readonly stamp: string };

/** Looks at a page that a source names, when it is due. Pictures are decoded, looked up and dropped. */
export async function lookAtPage(
  jikim: Jikim,
  id: { readonly sourceId: string; readonly pageKey: Buffer },
  means: Means = {},
): Promise<void> {
  const { db, vault } = jikim;
  const now = jikim.now();
  const page = await takePage(db, vault, id, { now, until: now.add({ seconds: TAKEN_SECONDS }) });
  if (page === null) return;
  const index = await openWatchIndex(jikim);
  const nextAt = now.add({ hours: AGAIN_HOURS }).add({ seconds: Math.floor(Math.random() * 3600) });
  const settle = (memory: object | null, lookedAt: Temporal.Instant | null) =>
    recordPage(db, vault, { ...id, memory, lookedAt }, nextAt);
  if (index.items.size === 0) return settle(page.memory, null);
  const turn = await turnFor(jikim, page);
  if (turn !== null) return awaitPageTurn(db, id, turn);
  const visitor = await openVisitor(jikim, means);
  try {
    const { memory, found } = await see(jikim, page, { visitor, index });
    for (const item of found) await recordHit(jikim, { sourceId: id.sourceId, page: page.address, item });
    await settle(memory, jikim.now());
  } finally {
    await visitor.close();
  }
}

type With = { readonly visitor: Visitor; readonly index: WatchIndex };
type PageSight = { readonly memory: PageMemory | null; readonly found: readonly WatchedItem[] };

async function see(jikim: Jikim, page: WatchedPage, { visitor, index }: With): Promise<PageSight> {
  const before = page.memory as PageMemory | null;
  // Nothing changed here and nothing new is watched for: then nothing new can be seen.
  const since = before?.stamp === index.stamp ? before : null;
  const mostBytes = page.kind === "sitemap" ? SITEMAP_BYTES : PICTURE_BYTES;
  const answer = await visitor.visit(page.address, { mostBytes, mostFilmBytes: FILM_BYTES, since });
  if ("failed" in answer || (answer.status !== 200 && answer.status !== 304)) return { memory: null, found: [] };
  if (answer.body === null) return { memory: before, found: [] };
  const validators = memoryOf(answer);
  const memory = validators && { ...validators, stamp: index.stamp };
  const read = { body: answer.body, url: answer.url };
  if (page.kind === "sitemap") {
    await followSitemap(jikim, page, read, visitor);
    return { memory, found: [] };
  }
  const isMedia = /^(image|video)\//.test(answer.type);
  const found = isMedia ? await seeMedia(answer.body, { visitor, index }) : await seePage(read, { visitor, index });
  return { memory, found };
}

type Read = { readonly body: Buffer; readonly url: URL };

async function followSitemap(jikim: Jikim, page: WatchedPage, read: Read, visitor: Visitor): Promise<void> {
  const links = await sitemapLinks(read, visitor);
  if (links === null) return;
  const now = jikim.now();
  // A sitemap of sitemaps leads one step on, and no further.
  const pages = links.pages.map((address) => ({ address, kind: "page" as const, lookAt: now })).slice(0, MOST_PAGES);
  await namePages(jikim.db, jikim.vault, { sourceId: page.sourceId, pages, most: MOST_PAGES }, now);
}

async function seePage({ body, url }: Read, { visitor, index }: With): Promise<WatchedItem[]> {
  if (body.length > PAGE_BYTES) return [];
  const page = await visitor.decoder.decode({ kind: "page" }, body, visitor.signal).catch(() => null);
  if (page === null) return [];
  const found = new Map<string, WatchedItem>();
  for (const address of [...page.pictures.slice(0, MOST_PICTURES), ...page.films.slice(0, MOST_FILMS)]) {
    if (!URL.canParse(address, url) || /^data:/i.test(address)) continue;
    const bounds = { mostBytes: PICTURE_BYTES, mostFilmBytes: FILM_BYTES };
    const answer = await visitor.visit(new URL(address, url).href, bounds);
    if ("failed" in answer || answer.status !== 200 || answer.body === null) continue;
    for (const item of await seeMedia(answer.body, { visitor, index })) found.set(item.itemId, item);
  }
  return [...found.values()];
}

async function seeMedia(bytes: Buffer, { visitor, index }: With): Promise<WatchedItem[]> {
  const seen = await visitor.decoder.decode({ kind: "media" }, bytes, visitor.signal).catch(() => null);
  return seen === null ? [] : findItemsIn(index, seen);
}
