import { createHash } from "node:crypto";
import {
  appendLeaf,
  commitTo,
  noteKey,
  proveInclusion,
  rootHash,
  writeCheckpoint,
  writeLogProof,
  writeNote,
} from "@jikim/casework";
import { Decrypter, Encrypter } from "age-encryption";
import { packTar, unpackTar } from "modern-tar";
import { certify, newSigningKey, signBytes } from "../src/index.ts";
import { type PackPart, type SealedManifest, sealManifest, type Vouching, writePack } from "../src/pack/index.ts";

const began = Date.now() - 10_000;

/** Invented facts of a sealed capture. */
export const FACTS = {
  packId: "6f1c1f4e-6a59-4a5d-9b2b-1d2f3a4b5c6d",
  exhibit: "A-1",
  previous: null,
  centre: { ko: "지어낸 센터", en: "Invented centre" },
  case: "case-0007",
  legalBasis: "survivor's mandate",
  authority: null,
  consent: null,
  minor: true,
  mode: "hash-and-discard" as const,
  actors: [{ role: "caseworker", did: "captured", at: new Date(began).toISOString() }],
  startedAt: new Date(began).toISOString(),
  endedAt: new Date(began + 5000).toISOString(),
  zone: "Asia/Seoul",
  clockOffMs: null,
  tool: { name: "jikim", version: "0.1.0", settings: null },
  notStored: [],
  gaps: [],
};

export const root = newSigningKey();
export const service = newSigningKey();
export const certificate = certify(
  { kind: "service", verifyKey: service.public, notAfter: "2036-01-01T00:00:00Z" },
  root.secret,
);

export function partOf(path: string, content: string | Uint8Array): PackPart {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    path,
    type: "application/octet-stream",
    async *read() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    },
  };
}

export const PARTS = [
  partOf("data/page.txt", "what the page said\n".repeat(9000)),
  partOf("data/chat/one.json", "{}\n"),
];

export async function sealedNow(parts: readonly PackPart[] = PARTS, changes: object = {}): Promise<SealedManifest> {
  const sealedAt = new Date().toISOString();
  return sealManifest({ ...FACTS, sealedAt, ...changes }, parts, { ...service, certificate });
}

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** A log of a few leaves with the pack's entry among them. */
export function logged({ text, manifest }: SealedManifest, by = service): NonNullable<Vouching["log"]> {
  const salt = new Uint8Array(16).fill(9);
  const body = JSON.stringify({
    what: "pack",
    packId: manifest.packId,
    manifest: createHash("sha256").update(text).digest("hex"),
  });
  const stored = new Map<string, Uint8Array>();
  const readHash = (level: number, index: number) => stored.get(`${level}/${index}`) ?? new Uint8Array();
  const leaves = [Uint8Array.of(1), commitTo(sha256, salt, body), Uint8Array.of(3)];
  for (const [at, leaf] of leaves.entries())
    for (const { level, index, hash } of appendLeaf(sha256, readHash, at, leaf)) stored.set(`${level}/${index}`, hash);
  const checkpoint = writeCheckpoint({ origin: "centre.example/log", size: 3, root: rootHash(sha256, readHash, 3) });
  const { name, id } = noteKey(sha256, "centre.example/log", "log", new Uint8Array(Buffer.from(by.public, "hex")));
  const signature = signBytes(new TextEncoder().encode(checkpoint), by.secret);
  const note = writeNote({ text: checkpoint, signatures: [{ name, id, signature }] });
  const proof = writeLogProof({ index: 1, hashes: proveInclusion(sha256, readHash, 1, 3), checkpoint: note });
  return { body, salt: Buffer.from(salt).toString("hex"), proof };
}

export async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

export function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new Blob([bytes.slice()]).stream();
}

export async function packed(sealed: SealedManifest, vouching: Vouching, recipient: string, parts = PARTS) {
  return bytesOf(await writePack(sealed, vouching, { parts, recipients: [recipient] }));
}

export type Entry = { name: string; data: Uint8Array };

/** The files of a pack, taken apart by who has the key. */
export async function entriesOf(pack: Uint8Array, identity: string): Promise<Entry[]> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const unpacked = await unpackTar(await decrypter.decrypt(pack));
  return unpacked.map(({ header, data }) => ({ name: header.name, data: data ?? new Uint8Array() }));
}

/** A pack taken apart, changed by a forger who has the key, and put together again. */
export async function forged(
  pack: Uint8Array,
  keys: { readonly identity: string; readonly recipient: string },
  change: (entries: Entry[]) => Entry[],
): Promise<Uint8Array> {
  const changed = change(await entriesOf(pack, keys.identity)).map(({ name, data }) => ({
    header: { name, size: data.length, type: "file" as const },
    body: data,
  }));
  const encrypter = new Encrypter();
  encrypter.addRecipient(keys.recipient);
  return encrypter.encrypt(await packTar(changed));
}
