import { BAGIT, bagInfo, packFolder, readManifest, writeManifest } from "./bag.ts";
import { type Finding, failed, held } from "./finding.ts";
import type { PackManifest } from "./manifest.ts";
import { type ReadPack, textOf } from "./read.ts";
import { readmeOf } from "./readme.ts";

const TAG_LIST = "tagmanifest-sha256.txt";

/** What follows from the signed manifest to the letter: nobody needs to sign it, and nobody can say other things in it. */
function derivedFrom(manifest: PackManifest): ReadonlyMap<string, string> {
  const { packId, sealedAt, files } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return new Map([
    ["bagit.txt", BAGIT],
    ["bag-info.txt", bagInfo({ packId, date: sealedAt.slice(0, 10), bytes, files: files.length })],
    ["manifest-sha256.txt", writeManifest(files, "sha256")],
    ["manifest-sha512.txt", writeManifest(files, "sha512")],
    ["README.txt", readmeOf(manifest)],
  ]);
}

const SEAL = ["seal/manifest.json", "seal/manifest.sig", "seal/key.pem"];
/** These may come later, or never; each is checked by what it says. */
const VOUCHING = ["seal/certificate.json", "seal/timestamp.tsr", "seal/log-entry.json", "seal/log-proof.txt"];

/**
 * The signed list and the files must tell one story. Only what is signed may lie under `data/`, and beside it only what every pack has: a name
 * in the bag's own lists makes nothing belong, as whoever has the key can write those anew.
 */
export function checkFiles(pack: ReadPack, manifest: PackManifest): Finding[] {
  const derived = derivedFrom(manifest);
  const signed = manifest.files.map(({ path }) => path);
  const needed = new Set([...signed, ...SEAL, ...derived.keys(), TAG_LIST]);
  const known = new Set([...needed, ...VOUCHING]);
  const troubles = [
    ...[...needed].filter((path) => !pack.digests.has(path)).map((path) => failed("whole", "MISSING", path)),
    ...pack.order.filter((path) => !known.has(path)).map((path) => failed("whole", "UNLISTED", path)),
    ...checkNames(pack, manifest, known),
    ...(areTagsListed(pack) ? [] : [failed("whole", "LISTS_DIFFER", TAG_LIST)]),
  ];
  const rewritten = [...derived].filter(([path, text]) => pack.digests.has(path) && textOf(pack, path) !== text);
  for (const [path] of rewritten.filter(isList)) troubles.push(failed("whole", "LISTS_DIFFER", path));
  const altered = [
    ...manifest.files.filter((file) => isAltered(pack, file)).map(({ path }) => path),
    ...rewritten.filter((each) => !isList(each)).map(([path]) => path),
  ];
  const moved = movedIn(pack, manifest);
  return [
    ...(troubles.length === 0 ? [held("whole", `${manifest.files.length}`)] : troubles),
    ...(altered.length === 0 ? [held("unchanged")] : altered.map((path) => failed("unchanged", "ALTERED", path))),
    moved === null ? held("in-order") : failed("in-order", "OUT_OF_ORDER", moved),
  ];
}

const isList = ([path]: readonly [string, string]) => path.startsWith("manifest-");

/** The list of the bag's own files (RFC 8493, 2.2.1) names all of them and no other, each by what it is. */
function areTagsListed(pack: ReadPack): boolean {
  const list = readManifest(textOf(pack, TAG_LIST) ?? "", "sha256");
  const tags = pack.order.filter((path) => !path.startsWith("data/") && path !== TAG_LIST);
  return list?.size === tags.length && tags.every((path) => list.get(path) === pack.digests.get(path)?.sha256);
}

/** Names that would lie in another place, or over another file, once somebody unpacks them: also where letters of both cases are one. */
function checkNames(pack: ReadPack, { packId }: PackManifest, known: ReadonlySet<string>): Finding[] {
  const folded = (path: string) => path.normalize("NFC").toLowerCase();
  const seen = new Set<string>();
  const troubles = pack.folder === packFolder(packId) ? [] : [failed("whole", "UNSAFE_NAME", pack.folder)];
  // Those that belong first, so that the stranger among two is the one that is named.
  const belonging = pack.order.filter((path) => known.has(path));
  for (const path of [...belonging, ...pack.order.filter((each) => !known.has(each))]) {
    if (!isSafe(path)) troubles.push(failed("whole", "UNSAFE_NAME", path));
    else if (seen.has(folded(path))) troubles.push(failed("whole", "NAMES_COLLIDE", path));
    seen.add(folded(path));
  }
  return troubles;
}

function isSafe(path: string): boolean {
  return !path.includes("\\") && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** Whether a file that is there is not the one that was sealed. */
export function isAltered(pack: ReadPack, file: PackManifest["files"][number]): boolean {
  const found = pack.digests.get(file.path);
  if (found === undefined) return false;
  return found.bytes !== file.bytes || found.sha256 !== file.sha256 || found.sha512 !== file.sha512;
}

/** The first file of the data that stands in another place than it was sealed in, or before the seal. */
function movedIn({ order }: ReadPack, manifest: PackManifest): string | null {
  const data = order.filter((path) => path.startsWith("data/"));
  const wanted = manifest.files.map(({ path }) => path).filter((path) => data.includes(path));
  const firstData = order.findIndex((path) => path.startsWith("data/"));
  const late = firstData < 0 ? undefined : order.slice(firstData).find((path) => !path.startsWith("data/"));
  return late ?? data.find((path, at) => wanted.includes(path) && wanted[at] !== path) ?? null;
}
