import {
  commitTo,
  cosignedBytes,
  isIncluded,
  isKeyName,
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
import { checkForm } from "./check-form.ts";
import { type Finding, failed, held, unchecked } from "./finding.ts";
import type { PackManifest } from "./manifest.ts";
import { jsonOf, type ReadPack, textOf } from "./read.ts";

/** What the one who verifies trusts already; nothing of it comes from the pack. */
export type Trust = {
  /** Public half of the centre's offline root, 64 hex digits, as on its leaflet. */
  readonly root: string | null;
  /** Root certificates of timestamp authorities, PEM. */
  readonly authorities: readonly string[];
  readonly witnesses: readonly NoteKey[];
  readonly now: Temporal.Instant;
};

/** Who signed, when it was stamped, and where it stands in the log. @param pack  with its seal under `seal/`. */
export async function checkSeal(pack: ReadPack, trust: Trust, manifest: PackManifest): Promise<Finding[]> {
  return [
    ...checkForm(pack, keyIn(pack)),
    checkSignature(pack),
    checkVouching(pack, trust, manifest),
    await checkTime(pack, trust, manifest),
    ...checkLog(pack, trust, manifest),
  ];
}

/** SubjectPublicKeyInfo of an Ed25519 key before its 32 bytes (RFC 8410, 4). */
const BEFORE_KEY = "302a300506032b6570032100";

/** The key that is in the pack, hex; whose it is, the root says. Null when it is no Ed25519 key. */
function keyIn(pack: ReadPack): string | null {
  const [, body] = /-----BEGIN PUBLIC KEY-----\s+([\w+/=]+)\s+-----END/.exec(textOf(pack, "seal/key.pem") ?? "") ?? [];
  try {
    const bytes = hex.encode(Uint8Array.from(atob(body ?? ""), (letter) => letter.charCodeAt(0)));
    return bytes.length === 88 && bytes.startsWith(BEFORE_KEY) ? bytes.slice(BEFORE_KEY.length) : null;
  } catch {
    return null;
  }
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

const HOUR_MS = 3_600_000;
/** A stamp that comes later is remarked. Ours: in a day an authority that was silent can be asked again. */
const SOON_HOURS = 24;

/** It began, ended, and was sealed after that: the one order in which it can have been. */
function isInTurn({ startedAt, endedAt, sealedAt }: PackManifest): boolean {
  const [started, ended, sealed] = [Date.parse(startedAt), Date.parse(endedAt), Date.parse(sealedAt)];
  return started <= ended && ended - sealed <= CLOCKS_APART_MS;
}

async function checkTime(pack: ReadPack, { authorities, now }: Trust, manifest: PackManifest): Promise<Finding> {
  if (!isInTurn(manifest)) return failed("timed", "TIMES_IMPOSSIBLE", "seal/manifest.json");
  const [answer, data] = [pack.tags.get("seal/timestamp.tsr"), pack.tags.get("seal/manifest.sig")];
  if (answer === undefined || data === undefined) return unchecked("timed", "NO_TIMESTAMP");
  if (authorities.length === 0) return unchecked("timed", "NO_AUTHORITY_GIVEN");
  const stamped = await checkTimestamp(answer, { data, nonce: null, policies: null, roots: authorities, now });
  if ("trouble" in stamped) return failed("timed", "TIMESTAMP_REFUSED", "seal/timestamp.tsr", stamped.trouble);
  const late = Date.parse(manifest.sealedAt) - stamped.at.epochMilliseconds > CLOCKS_APART_MS;
  const detail = `${stamped.at}, ${stamped.authority}`;
  if (late) return failed("timed", "TIME_DIFFERS", "seal/manifest.json", detail);
  const hours = Math.floor((stamped.at.epochMilliseconds - Date.parse(manifest.sealedAt)) / HOUR_MS);
  return { ...held("timed", detail), hoursLate: hours >= SOON_HOURS ? hours : null };
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
  if (note === null || checkpoint === null || key === null || !isKeyName(checkpoint.origin))
    return [failed("logged", "MALFORMED", "seal/log-proof.txt")];
  const signature = signatureBy(note, noteKey(sha256, checkpoint.origin, "log", hex.decode(key)));
  const signed = signature !== null && verifyBytes(signature, new TextEncoder().encode(note.text), key);
  const leaf = leafHash(sha256, commitTo(sha256, hex.decode(entry.salt), entry.body));
  const included = signed && isIncluded(sha256, { ...checkpoint, index: proof.index, leaf }, proof.hashes);
  if (!included) return [failed("logged", "NOT_IN_THE_LOG", "seal/log-proof.txt")];
  return [held("logged", `${checkpoint.origin} ${proof.index}`), checkWitnesses(proof.checkpoint, trust, manifest)];
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

/** Nobody can have seen the entry of a pack before the pack was sealed. */
function checkWitnesses(checkpoint: string, { witnesses }: Trust, { sealedAt }: PackManifest): Finding {
  const note = readNote(checkpoint);
  if (witnesses.length === 0 || note === null) return unchecked("witnessed", "NO_WITNESS_GIVEN");
  const seen = witnesses.flatMap((key) => {
    const cosignature = readCosignature(signatureBy(note, key) ?? new Uint8Array());
    if (cosignature === null) return [];
    const { seconds, signature } = cosignature;
    const holds = verifyBytes(signature, cosignedBytes(note.text, seconds), hex.encode(key.publicKey));
    return holds ? [{ name: key.name, at: Temporal.Instant.fromEpochMilliseconds(seconds * 1000) }] : [];
  });
  if (seen.length === 0) return failed("witnessed", "NOT_WITNESSED", "seal/log-proof.txt");
  const detail = seen.map(({ name, at }) => `${name} ${at}`).join(", ");
  const tooEarly = seen.some(({ at }) => Date.parse(sealedAt) - at.epochMilliseconds > CLOCKS_APART_MS);
  return tooEarly ? failed("witnessed", "TIMES_IMPOSSIBLE", "seal/log-proof.txt", detail) : held("witnessed", detail);
}
