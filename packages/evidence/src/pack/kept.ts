import { isAltered } from "./check-files.ts";
import { type Finding, failed, held } from "./finding.ts";
import type { LeftOut, PackFile, PackManifest } from "./manifest.ts";
import type { ReadPack } from "./read.ts";

const KEPT = /^data\/kept\/[1-9]\d{0,3}\.age$/;

/** Whether a file of a capture is a body that it kept: encrypted for itself, and told to be so by the capture's own signed manifest. */
export function isKeptBody({ mode }: Pick<PackManifest, "mode">, { path, type }: Pick<PackFile, "path" | "type">) {
  return mode === "keep-matching" && type === "application/age" && KEPT.test(path);
}

/** The bodies that a capture kept, as exhibit `number` of a delivery pack tells that they are not in it. */
export function leftOutOf(number: number, manifest: Pick<PackManifest, "mode" | "files">): LeftOut[] {
  return manifest.files
    .filter((file) => isKeptBody(manifest, file))
    .map(({ path, bytes, sha256 }) => ({ exhibit: number, path, bytes, sha256 }));
}

/** Where the key lies that opens what exhibit `number` kept, in a pack that takes it along. */
export function keptKeyPath(number: number): string {
  return `data/kept-keys/${number}.txt`;
}

/** What an exhibit may lack, and what is to be said of it. */
export type Apart = {
  /** Paths inside the exhibit whose absence is no fault. */
  readonly absent: ReadonlySet<string>;
  readonly findings: readonly Finding[];
};

/**
 * What the outer manifest says was left out of an exhibit, held against the exhibit's own: only bodies that this names as kept may be absent, by
 * the very digest that it signed, and only where the outer one names each.
 * @param own  the exhibit's manifest, in whose words the paths are.
 */
export function checkLeftOut(inner: ReadPack, own: PackManifest, leftOut: readonly LeftOut[]): Apart {
  const absent = new Set<string>();
  const findings = leftOut.map(({ path, bytes, sha256 }) => {
    const file = own.files.find((each) => each.path === path);
    const isKept = file !== undefined && isKeptBody(own, file) && file.sha256 === sha256 && file.bytes === bytes;
    if (!isKept || absent.has(path)) return failed("kept-apart", "NOT_A_KEPT_BODY", path);
    if (inner.digests.has(path)) return failed("kept-apart", isAltered(inner, file) ? "ALTERED" : "IS_THERE", path);
    absent.add(path);
    return { ...held("kept-apart", `SHA-256 ${sha256}`), part: path };
  });
  return { absent, findings };
}
