import type { Means } from "../checks/look.ts";
import type { SweepResult } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { awaitSourceTurn, recordSweep, takeSource, type WatchedSource } from "../store/source.ts";
import { forgetPages, namePages } from "../store/watched-page.ts";
import { openWatchIndex } from "./index-of-items.ts";
import { linksOf } from "./links.ts";
import { turnFor } from "./turn.ts";
import { memoryOf, openVisitor, type VisitMemory } from "./visit.ts";

/** Longer than a sweep can take. */
const TAKEN_SECONDS = 900;
/** Pages of one source that are looked at, however many it names. */
export const MOST_PAGES = 5000;
/** A source's own page is looked at after those it leads to: what it shows is mostly theirs. */
const SELF_AFTER_MINUTES = 60;
const FORGET_AFTER_DAYS = 30;
const BYTES = 52_428_800; // sitemaps.org: no sitemap is larger

/** Sweeps a source when it is due: asks which pages it names now. Without anything to watch for nothing is asked. */
export async function sweepSource(jikim: Jikim, sourceId: string, means: Means = {}): Promise<void> {
  const { db, vault } = jikim;
  const now = jikim.now();
  const source = await takeSource(db, vault, sourceId, { now, until: now.add({ seconds: TAKEN_SECONDS }) });
  if (source === null) return;
  const nextAt = now.add({ hours: source.everyHours }).add({ seconds: Math.floor(Math.random() * 300) });
  if ((await openWatchIndex(jikim)).items.size === 0)
    return recordSweep(db, vault, { sourceId, result: null, memory: source.memory, nextAt }, now);
  const turn = await turnFor(jikim, source);
  if (turn !== null) return awaitSourceTurn(db, sourceId, turn);
  const { result, memory } = await sweepNow(jikim, source, means);
  await recordSweep(db, vault, { sourceId, result, memory, nextAt }, jikim.now());
}

type Swept = { readonly result: SweepResult; readonly memory: VisitMemory | null };

async function sweepNow(jikim: Jikim, source: WatchedSource, means: Means): Promise<Swept> {
  const { db, vault } = jikim;
  const visitor = await openVisitor(jikim, means);
  const since = source.memory as VisitMemory | null;
  try {
    const answer = await visitor.visit(source.address, { mostBytes: BYTES, since });
    if ("failed" in answer) return { result: answer.failed, memory: since };
    if (answer.status === 304) return { result: "unchanged", memory: since };
    if (answer.status !== 200 || answer.body === null) return { result: "unreachable", memory: null };
    const links = await linksOf(source.kind, { body: answer.body, url: answer.url }, visitor);
    if (links === null) return { result: "unreadable", memory: null };
    const now = jikim.now();
    const pages = [
      ...links.sitemaps.map((address) => ({ address, kind: "sitemap" as const, lookAt: now })),
      ...links.pages.map((address) => ({ address, kind: "page" as const, lookAt: now })),
    ];
    const lookAt = now.add({ minutes: links.pages.length === 0 ? 0 : SELF_AFTER_MINUTES });
    if (source.kind === "page") pages.push({ address: source.address, kind: "page", lookAt });
    await namePages(db, vault, { sourceId: source.id, pages: pages.slice(0, MOST_PAGES), most: MOST_PAGES }, now);
    await forgetPages(db, source.id, now.subtract({ hours: FORGET_AFTER_DAYS * 24 }));
    return { result: "looked", memory: memoryOf(answer) };
  } finally {
    await visitor.close();
  }
}
