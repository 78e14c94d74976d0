import { addAll, createIndex, type Fingerprint, type FingerprintIndex, lookup, MIN_QUALITY } from "@jikim/fingerprint";
import type { SeenMedia } from "../checks/decoder/wire.ts";
import { matchMedia } from "../checks/match.ts";
import type { Jikim } from "../jikim.ts";
import { findWatchedItems, type WatchedItem, watchStamp } from "../store/watching.ts";

/** Everything that is watched for, by its fingerprints. */
export type WatchIndex = {
  readonly stamp: string;
  readonly index: FingerprintIndex;
  readonly items: ReadonlyMap<string, WatchedItem>;
};

const kept = new WeakMap<Jikim["db"], WatchIndex>();

/** The index as it should be now; built anew when a case, a mandate or a consent has changed. */
export async function openWatchIndex({ db, vault }: Pick<Jikim, "db" | "vault">): Promise<WatchIndex> {
  const stamp = await watchStamp(db);
  const known = kept.get(db);
  if (known?.stamp === stamp) return known;
  const items = await findWatchedItems(db, vault);
  const rows = items.flatMap(({ itemId, fingerprints }) => fingerprints.filter(isRich).map((one) => ({ itemId, one })));
  const index = createIndex();
  const hashes = Buffer.concat(rows.map(({ one }) => Buffer.from(one.value, "hex")));
  addAll(
    index,
    hashes,
    rows.map(({ itemId }) => itemId),
  );
  const built = { stamp, index, items: new Map(items.map((item) => [item.itemId, item])) };
  kept.set(db, built);
  return built;
}

/** Plain hashes resemble each other by chance: nothing is looked for by them. */
function isRich({ quality }: Fingerprint): boolean {
  return quality >= MIN_QUALITY;
}

/** The items that a picture or a film shows: found through the index, each held against its own fingerprints. */
export function findItemsIn({ index, items }: WatchIndex, seen: SeenMedia): WatchedItem[] {
  const near = new Set(hashesOf(seen).flatMap((hash) => lookup(index, hash).map(({ id }) => String(id))));
  return [...near].flatMap((itemId) => {
    const item = items.get(itemId);
    return item !== undefined && matchMedia(seen, [item.fingerprints]) === "match" ? [item] : [];
  });
}

function hashesOf(seen: SeenMedia): string[] {
  if (seen.seen === "film") return seen.frames.filter(isRich).map(({ value }) => value);
  if (seen.seen !== "pictures") return [];
  return seen.pictures.flatMap(({ queries, turned, quality }) => [
    ...queries.map(({ value }) => value),
    ...(quality >= MIN_QUALITY ? turned : []),
  ]);
}
