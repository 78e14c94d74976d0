import { checkChats } from "./check-chat.ts";
import { checkCustody } from "./check-custody.ts";
import { checkExhibits } from "./check-exhibit.ts";
import { checkFiles } from "./check-files.ts";
import { checkSeal, type Trust } from "./check-seal.ts";
import { type Finding, failed, held } from "./finding.ts";
import type { PackManifest } from "./manifest.ts";
import { checkMarks } from "./marks.ts";
import { manifestOf, readPack } from "./read.ts";
import { type Told, tellOf } from "./told.ts";

/** `holds` only when everything was checked and held, of the pack and of each exhibit in it. */
export type Verdict = {
  readonly holds: boolean;
  readonly findings: readonly Finding[];
  readonly manifest: PackManifest | null;
  /** What manifests say whose signature holds: to be read, not checked. */
  readonly told: readonly Told[];
};

/** Verifies a pack without any server. @param identity  age secret key of the recipient. */
export async function verifyPack(pack: ReadableStream<Uint8Array>, identity: string, trust: Trust): Promise<Verdict> {
  const read = await readPack(pack, identity);
  if ("trouble" in read) return { holds: false, findings: [failed("opened", read.trouble)], manifest: null, told: [] };
  const opened = held("opened", read.folder);
  const manifest = manifestOf(read);
  if (manifest === null)
    return {
      holds: false,
      findings: [opened, failed("signed", "MALFORMED", "seal/manifest.json")],
      manifest: null,
      told: [],
    };
  const findings = [
    opened,
    ...checkFiles(read, manifest),
    ...(await checkSeal(read, trust, manifest)),
    ...checkChats(read),
    ...checkCustody(read),
    ...checkMarks(read),
    ...(await checkExhibits(read, trust, manifest)),
  ];
  return {
    holds: findings.every(({ state }) => state === "holds"),
    findings,
    manifest,
    told: tellOf(read, manifest, findings),
  };
}
