import {
  commitTo,
  cosignedBytes,
  isIncluded,
  leafHash,
  type NoteKey,
  noteKey,
  readCheckpoint,
  readCosignature,
  readLogProof,
  readNote,
  signatureBy,
} from "@jikim/casework";
import { sha256 } from "@noble/hashes/sha2.js";
import { hex } from "@scure/base";
import { readCertificate } from "../certificate.ts";
import { verifyBytes } from "../ed25519.ts";
import { isSigned } from "../signed.ts";
import { checkTimestamp } from "../timestamp.ts";
import { readManifest } from "./bag.ts";
import type { Check, Finding, Why } from "./finding.ts";
import { manifestSchema, type PackManifest } from "./manifest.ts";
import { type ReadPack, readPack } from "./read.ts";

/** What the one who verifies trusts already; nothing of it comes from the pack. */
export type Trust = {
  /** Public half of the centre's offline root, 64 hex digits, as on its leaflet. */
  readonly root: string | null;
  /** Root certificates of timestamp authorities, PEM. */
  readonly authorities: readonly string[];
  readonly witnesses: readonly NoteKey[];
  readonly now: Temporal.Instant;
};

/** `holds` only when everything was checked and held. */
export type Verdict = {
  readonly holds: boolean;
  readonly findings: readonly Finding[];
  readonly manifest: PackManifest | null;
};

/** Verifies a pack without any server. @param identity  age secret key of the recipient. */
export async function verifyPack(pack: ReadableStream<Uint8Array>, identity: string, trust: Trust): Promise<Verdict> {
  const read = await readPack(pack, identity);
  if ("trouble" in read) return { holds: false, findings: [failed("opened", read.trouble)], manifest: null };
  const opened = held("opened", read.folder);
  const manifest = manifestOf(read);
  if (manifest === null)
    return { holds: false, findings: [opened, failed("signed", "MALFORMED", "seal/manifest.json")], manifest: null };
  const findings = [
    opened,
    ...checkFiles(read, manifest),
    checkSignature(read),
    checkVouching(read, trust, manifest),
    await checkTime(read, trust, manifest),
    ...checkLog(read, trust, manifest),
  ];
  return { holds: findings.every(({ state }) => state === "holds"), findings, manifest };
}

function held(check: Check, detail: string | null = null): Finding {
  return { check, state: "holds", part: null, why: null, detail };
}

function failed(check: Check, why: Why, part: string | null = null, detail: string | null = null): Finding {
  return { check, state: "fails", part, why, detail };
}

function unchecked(check: Check, why: Why): Finding {
  return { check, state: "unchecked", part: null, why, detail: null };
}

function textOf({ tags }: ReadPack, path: string): string | null {
  const bytes = tags.get(path);
  if (bytes === undefined) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function jsonOf(pack: ReadPack, path: string): unknown {
  try {
    return JSON.parse(textOf(pack, path) ?? "");
  } catch {
    return null;
  }
}

function manifestOf(pack: ReadPack): PackManifest | null {
  const read = manifestSchema.safeParse(jsonOf(pack, "seal/manifest.json"));
  return read.success ? read.data : null;
}

/** The bag's lists, the signed list and the files themselves must tell one story. */
function checkFiles(pack: ReadPack, manifest: PackManifest): Finding[] {
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

function isAltered(pack: ReadPack, file: PackManifest["files"][number]): boolean {
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

/** The key that is in the pack; whose it is, the root says. */
function keyIn(pack: ReadPack): string | null {
  const [, body] = /-----BEGIN PUBLIC KEY-----\s+([\w+/=]+)\s+-----END/.exec(textOf(pack, "seal/key.pem") ?? "") ?? [];
  if (body === undefined) return null;
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  return bytes.length === 44 ? hex.encode(bytes.subarray(12)) : null;
}

function checkSignature(pack: ReadPack): Finding {
  const [text, signature, key] = [textOf(pack, "seal/manifest.json"), pack.tags.get("seal/manifest.sig"), keyIn(pack)];
  const holds =
    text !== null &&
    signature !== undefined &&
    key !== null &&
    verifyBytes(signature, new TextEncoder().encode(`jikim/pack/v1\n${text}`), key);
  return holds ? held("signed") : failed("signed", "BAD_SIGNATURE", "seal/manifest.sig");
}

/** A certificate that ran out since still vouches for what was sealed while it held. */
function checkVouching(pack: ReadPack, { root }: Trust, manifest: PackManifest): Finding {
  if (root === null) return unchecked("vouched", "NO_ROOT_GIVEN");
  const certificate = jsonOf(pack, "seal/certificate.json");
  const at = Date.parse(manifest.sealedAt);
  const service = isSigned(certificate) ? readCertificate(certificate, "service", root, at) : null;
  const vouched = service !== null && service.verifyKey === keyIn(pack);
  return vouched ? held("vouched") : failed("vouched", "NOT_VOUCHED", "seal/certificate.json");
}

/** A pack may be sealed before it is stamped, never after; clocks may differ by some minutes. */
const CLOCKS_APART_MS = 10 * 60_000;

async function checkTime(pack: ReadPack, { authorities, now }: Trust, manifest: PackManifest): Promise<Finding> {
  const [answer, data] = [pack.tags.get("seal/timestamp.tsr"), pack.tags.get("seal/manifest.sig")];
  if (answer === undefined || data === undefined) return unchecked("timed", "NO_TIMESTAMP");
  if (authorities.length === 0) return unchecked("timed", "NO_AUTHORITY_GIVEN");
  const stamped = await checkTimestamp(answer, { data, nonce: null, policies: null, roots: authorities, now });
  if ("trouble" in stamped) return failed("timed", "TIMESTAMP_REFUSED", "seal/timestamp.tsr", stamped.trouble);
  const late = Date.parse(manifest.sealedAt) - stamped.at.epochMilliseconds > CLOCKS_APART_MS;
  const detail = `${stamped.at}, ${stamped.authority}`;
  return late ? failed("timed", "TIME_DIFFERS", "seal/manifest.json", detail) : held("timed", detail);
}

function checkLog(pack: ReadPack, trust: Trust, manifest: PackManifest): Finding[] {
  const proof = readLogProof(textOf(pack, "seal/log-proof.txt") ?? "");
  const entry = jsonOf(pack, "seal/log-entry.json");
  if (!pack.tags.has("seal/log-proof.txt")) return [unchecked("logged", "NO_LOG_ENTRY")];
  if (proof === null || !isEntry(entry)) return [failed("logged", "MALFORMED", "seal/log-proof.txt")];
  if (!isAbout(entry.body, pack, manifest)) return [failed("logged", "OTHER_ENTRY", "seal/log-entry.json")];
  const note = readNote(proof.checkpoint);
  const checkpoint = note === null ? null : readCheckpoint(note.text);
  const key = keyIn(pack);
  if (note === null || checkpoint === null || key === null)
    return [failed("logged", "MALFORMED", "seal/log-proof.txt")];
  const signature = signatureBy(note, noteKey(sha256, checkpoint.origin, "log", hex.decode(key)));
  const signed = signature !== null && verifyBytes(signature, new TextEncoder().encode(note.text), key);
  const leaf = leafHash(sha256, commitTo(sha256, hex.decode(entry.salt), entry.body));
  const included = signed && isIncluded(sha256, { ...checkpoint, index: proof.index, leaf }, proof.hashes);
  if (!included) return [failed("logged", "NOT_IN_THE_LOG", "seal/log-proof.txt")];
  return [held("logged", `${checkpoint.origin} ${proof.index}`), checkWitnesses(proof.checkpoint, trust)];
}

function isEntry(value: unknown): value is { readonly body: string; readonly salt: string } {
  if (typeof value !== "object" || value === null || !("body" in value) || !("salt" in value)) return false;
  return typeof value.body === "string" && typeof value.salt === "string" && /^[0-9a-f]{32}$/.test(value.salt);
}

/** The entry names this pack and the digest of this very manifest. */
function isAbout(body: string, pack: ReadPack, manifest: PackManifest): boolean {
  try {
    const said: unknown = JSON.parse(body);
    if (typeof said !== "object" || said === null) return false;
    const digest = pack.digests.get("seal/manifest.json")?.sha256;
    return "packId" in said && said.packId === manifest.packId && "manifest" in said && said.manifest === digest;
  } catch {
    return false;
  }
}

function checkWitnesses(checkpoint: string, { witnesses }: Trust): Finding {
  const note = readNote(checkpoint);
  if (witnesses.length === 0 || note === null) return unchecked("witnessed", "NO_WITNESS_GIVEN");
  const seen = witnesses.flatMap((key) => {
    const cosignature = readCosignature(signatureBy(note, key) ?? new Uint8Array());
    if (cosignature === null) return [];
    const { seconds, signature } = cosignature;
    const holds = verifyBytes(signature, cosignedBytes(note.text, seconds), hex.encode(key.publicKey));
    return holds ? [`${key.name} ${Temporal.Instant.fromEpochMilliseconds(seconds * 1000)}`] : [];
  });
  return seen.length > 0
    ? held("witnessed", seen.join(", "))
    : failed("witnessed", "NOT_WITNESSED", "seal/log-proof.txt");
}
