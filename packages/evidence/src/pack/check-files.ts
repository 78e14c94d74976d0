import { readManifest } from "./bag.ts";
import { type Finding, failed, held } from "./finding.ts";
import type { PackManifest } from "./manifest.ts";
import { type ReadPack, textOf } from "./read.ts";

/** The bag's lists, the signed list and the files themselves must tell one story. */
export function checkFiles(pack: ReadPack, manifest: PackManifest): Finding[] {
  const signed = new Map(manifest.files.map((file) => [file.path, file]));
  const lists = [listIn(pack, "manifest-sha256.txt", "sha256"), listIn(pack, "manifest-sha512.txt", "sha512")] as const;
  const tags = listIn(pack, "tagmanifest-sha256.txt", "sha256");
  const troubles: Finding[] = [];
  if (tags === null) troubles.push(failed("whole", "MALFORMED", "tagmanifest-sha256.txt"));
  for (const [at, digest] of (["sha256", "sha512"] as const).entries()) {
    const list = lists[at];
    const same = list?.size === signed.size && [...signed].every(([path, file]) => list.get(path) === file[digest]);
    if (!same) troubles.push(failed("whole", "LISTS_DIFFER", `manifest-${digest}.txt`));
  }
  const expected = [...signed.keys(), ...(tags?.keys() ?? []), "tagmanifest-sha256.txt"];
  for (const path of expected) if (!pack.digests.has(path)) troubles.push(failed("whole", "MISSING", path));
  for (const path of pack.order) if (!expected.includes(path)) troubles.push(failed("whole", "UNLISTED", path));
  const altered = [
    ...manifest.files.filter((file) => isAltered(pack, file)).map(({ path }) => path),
    ...[...(tags ?? [])]
      .filter(([path, value]) => (pack.digests.get(path)?.sha256 ?? value) !== value)
      .map(([path]) => path),
  ];
  const moved = movedIn(pack, manifest);
  return [
    ...(troubles.length === 0 ? [held("whole", `${manifest.files.length}`)] : troubles),
    ...(altered.length === 0 ? [held("unchanged")] : altered.map((path) => failed("unchanged", "ALTERED", path))),
    moved === null ? held("in-order") : failed("in-order", "OUT_OF_ORDER", moved),
  ];
}

function listIn(pack: ReadPack, path: string, digest: "sha256" | "sha512"): ReadonlyMap<string, string> | null {
  return readManifest(textOf(pack, path) ?? "", digest);
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
