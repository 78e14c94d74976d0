import { checkChats } from "./check-chat.ts";
import { isAltered } from "./check-files.ts";
import { checkSeal, type Trust } from "./check-seal.ts";
import { exhibitOf, exhibitPath } from "./exhibit.ts";
import { type Finding, failed, held } from "./finding.ts";
import { type Apart, checkLeftOut } from "./kept.ts";
import type { PackManifest } from "./manifest.ts";
import { manifestOf, type ReadPack } from "./read.ts";

/**
 * The exhibits of a delivery pack: each was sealed for itself before, so each must hold by its own signature, stamp and place in the log,
 * and its files must be those that were sealed then. What is wrong is named with the number of the exhibit.
 */
export async function checkExhibits(pack: ReadPack, trust: Trust, outer: PackManifest): Promise<Finding[]> {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  const inners = exhibitsIn(pack);
  for (const [number, inner] of inners) {
    const found = await checkExhibit(inner, trust, { outer, seen, number });
    findings.push(...found.map((each) => namedIn(number, each)));
  }
  const strays = (outer.leftOut ?? []).filter(({ exhibit }) => !inners.has(exhibit));
  for (const { exhibit, path } of strays)
    findings.push(namedIn(exhibit, failed("kept-apart", "NOT_A_KEPT_BODY", path)));
  return findings;
}

/** Each exhibit as if it were a pack of its own, by number. */
export function exhibitsIn(pack: ReadPack): ReadonlyMap<number, ReadPack> {
  type Growing = {
    order: string[];
    digests: Map<string, NonNullable<ReturnType<ReadPack["digests"]["get"]>>>;
    tags: Map<string, Uint8Array>;
  };
  const found = new Map<number, Growing>();
  for (const path of pack.order) {
    const place = exhibitOf(path);
    const digests = pack.digests.get(path);
    if (place === null || digests === undefined) continue;
    const inner: Growing = found.get(place.number) ?? { order: [], digests: new Map(), tags: new Map() };
    found.set(place.number, inner);
    inner.order.push(place.path);
    inner.digests.set(place.path, digests);
    const content = pack.tags.get(path);
    if (content !== undefined) inner.tags.set(place.path, content);
  }
  const inOrder = [...found].sort(([a], [b]) => a - b);
  return new Map(inOrder.map(([number, inner]) => [number, { folder: pack.folder, ...inner }]));
}

function namedIn(number: number, finding: Finding): Finding {
  const part = finding.part === null ? null : (exhibitPath(number, finding.part) ?? finding.part);
  return { ...finding, exhibit: number, part };
}

type Around = { readonly outer: PackManifest; readonly seen: Set<string>; readonly number: number };

async function checkExhibit(inner: ReadPack, trust: Trust, around: Around): Promise<Finding[]> {
  const manifest = manifestOf(inner);
  if (!inner.digests.has("seal/manifest.json")) return [failed("signed", "MISSING", "seal/manifest.json")];
  if (manifest === null) return [failed("signed", "MALFORMED", "seal/manifest.json")];
  const leftOut = (around.outer.leftOut ?? []).filter(({ exhibit }) => exhibit === around.number);
  const apart = checkLeftOut(inner, manifest, leftOut);
  return [
    ...checkInnerFiles(inner, manifest, apart),
    ...apart.findings,
    ...(await checkSeal(inner, trust, manifest)),
    ...checkBelonging(manifest, around),
    ...checkChats(inner),
  ];
}

function checkInnerFiles(inner: ReadPack, manifest: PackManifest, { absent }: Pick<Apart, "absent">): Finding[] {
  const sealed = manifest.files.map(({ path }) => path).filter((path) => !absent.has(path));
  const there = inner.order.filter((path) => path.startsWith("data/"));
  const troubles = [
    ...sealed.filter((path) => !inner.digests.has(path)).map((path) => failed("whole", "MISSING", path)),
    ...there.filter((path) => !sealed.includes(path)).map((path) => failed("whole", "UNLISTED", path)),
  ];
  const altered = manifest.files
    .filter((file) => isAltered(inner, file))
    .map(({ path }) => failed("unchanged", "ALTERED", path));
  const [wanted, found] = [
    sealed.filter((path) => there.includes(path)),
    there.filter((path) => sealed.includes(path)),
  ];
  const moved = found.find((path, at) => wanted[at] !== path);
  return [
    ...(troubles.length === 0 ? [held("whole", `${sealed.length}`)] : troubles),
    ...(altered.length === 0 ? [held("unchanged")] : altered),
    moved === undefined ? held("in-order") : failed("in-order", "OUT_OF_ORDER", moved),
  ];
}

/** Both are sealed by the centre's own server, so that their times can be compared to the letter. */
function checkBelonging(manifest: PackManifest, { outer, seen }: Around): Finding[] {
  const wrong = (why: "OTHER_CASE" | "SAME_EXHIBIT" | "TIME_DIFFERS") =>
    failed("belongs", why, "seal/manifest.json", manifest.exhibit);
  const isTwice = seen.has(manifest.packId);
  seen.add(manifest.packId);
  const troubles = [
    ...(manifest.case === outer.case ? [] : [wrong("OTHER_CASE")]),
    ...(isTwice ? [wrong("SAME_EXHIBIT")] : []),
    ...(Date.parse(manifest.sealedAt) <= Date.parse(outer.sealedAt) ? [] : [wrong("TIME_DIFFERS")]),
  ];
  return troubles.length === 0 ? [held("belongs", manifest.exhibit)] : troubles;
}
