import { readLogProof, writeLogProof } from "@jikim/casework";
import { isSigned } from "../signed.ts";
import { type Finding, failed } from "./finding.ts";
import { jsonOf, type ReadPack, textOf } from "./read.ts";
import { pemOf } from "./write.ts";

/** Files of a seal that no signature covers, and the form beside which nothing can stand in them. */
const FORMS: Readonly<Record<string, (pack: ReadPack, path: string, key: string | null) => boolean>> = {
  "seal/key.pem": (pack, path, key) => key === null || textOf(pack, path) === pemOf(key),
  "seal/certificate.json": (pack, path) =>
    isSigned(jsonOf(pack, path)) && isPlain(pack, path, ["payload", "signature"]),
  "seal/log-entry.json": (pack, path) => isPlain(pack, path, ["body", "salt"]),
  "seal/log-proof.txt": (pack, path) => {
    const text = textOf(pack, path) ?? "";
    const proof = readLogProof(text);
    return proof !== null && writeLogProof(proof) === text;
  },
};

/**
 * Words that a forger puts beside a key, a certificate or a proof would lie in the pack as if they belonged to it: such a file holds what it is
 * for and nothing else. @param key  that is in the pack, hex; null when it is none, which the signature tells.
 */
export function checkForm(pack: ReadPack, key: string | null): Finding[] {
  return Object.entries(FORMS)
    .filter(([path, isOfForm]) => pack.tags.has(path) && !isOfForm(pack, path, key))
    .map(([path]) => failed("whole", "MALFORMED", path));
}

/** As `JSON.stringify` writes it, with these fields alone. */
function isPlain(pack: ReadPack, path: string, fields: readonly string[]): boolean {
  const value = jsonOf(pack, path);
  if (typeof value !== "object" || value === null || JSON.stringify(value) !== textOf(pack, path)) return false;
  return Object.keys(value).sort().join() === fields.join();
}
