import { Encrypter } from "age-encryption";
import { createTarPacker } from "modern-tar";
import { isRecipient } from "../age-identity.ts";
import { signBytes } from "../ed25519.ts";
import { SealRefusal } from "../seal.ts";
import type { Signed } from "../signed.ts";
import { BAGIT, bagInfo, type Listed, packFolder, writeManifest } from "./bag.ts";
import { digestsOf, openDigest } from "./digest.ts";
import { manifestSchema, type PackFile, type PackManifest } from "./manifest.ts";
import { readmeOf } from "./readme.ts";

/** A file on its way into a pack. It is read twice: to be digested, then to be sealed. */
export type PackPart = {
  /** Below `data/`. */
  readonly path: string;
  readonly type: string;
  read(): AsyncIterable<Uint8Array>;
};

/** A manifest whose files are digested, with the centre's signature over it. */
export type SealedManifest = {
  readonly manifest: PackManifest;
  /** The exact text that was signed. */
  readonly text: string;
  /** 64 bytes, Ed25519 over `jikim/pack/v1`, a line feed and the text. It is what the timestamp is asked for. */
  readonly signature: Uint8Array;
  /** Vouches for the key that signed. */
  readonly certificate: Signed | null;
  /** Hex, of the key that signed. */
  readonly publicKey: string;
};

/** What vouches for a sealed manifest from outside; each may come later, and its lack is said. */
export type Vouching = {
  /** The authority's whole answer (RFC 3161). */
  readonly timestamp: Uint8Array | null;
  readonly log: { readonly body: string; readonly salt: string; readonly proof: string } | null;
};

/** Digests the files and signs what is known of them. @throws {ZodError} when the facts are malformed: a bug, not input. */
export async function sealManifest(
  facts: Omit<PackManifest, "files" | "version">,
  parts: readonly PackPart[],
  by: { readonly secret: string; readonly public: string; readonly certificate: Signed | null },
): Promise<SealedManifest> {
  return signManifest({ ...facts, files: await digestParts(parts) }, by);
}

/** What a manifest says of files, in their order. */
export async function digestParts(parts: readonly PackPart[]): Promise<PackFile[]> {
  const files: PackFile[] = [];
  for (const { path, type, read } of parts) {
    const digest = openDigest();
    for await (const bytes of read()) digest.take(bytes);
    files.push({ path, type, ...digest.end() });
  }
  return files;
}

/** Signs what is known of files that somebody else digested. @throws {ZodError} when the facts are malformed. */
export function signManifest(
  facts: Omit<PackManifest, "version">,
  by: { readonly secret: string; readonly public: string; readonly certificate: Signed | null },
): SealedManifest {
  const manifest = manifestSchema.parse({ version: 1, ...facts });
  const text = JSON.stringify(manifest);
  const signature = signBytes(new TextEncoder().encode(`jikim/pack/v1\n${text}`), by.secret);
  return { manifest, text, signature, certificate: by.certificate, publicKey: by.public };
}

type Small = { readonly path: string; readonly content: Uint8Array };

/**
 * The pack as a stream: a BagIt folder in a tar, encrypted with age. `age -d -i KEY | tar x` opens it.
 *
 * @throws {SealRefusal} `NOT_A_RECIPIENT`. Post-quantum recipients are not taken: mixed with others they would protect nothing.
 */
export async function writePack(
  sealed: SealedManifest,
  vouching: Vouching,
  { parts, recipients }: { readonly parts: readonly PackPart[]; readonly recipients: readonly string[] },
): Promise<ReadableStream<Uint8Array>> {
  if (recipients.length === 0 || !recipients.every(isRecipient)) throw new SealRefusal("NOT_A_RECIPIENT");
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const { readable, controller } = createTarPacker();
  const folder = packFolder(sealed.manifest.packId);
  const modified = new Date(sealed.manifest.sealedAt);
  const header = (path: string, size: number) => ({
    name: `${folder}/${path}`,
    size,
    mtime: modified,
    mode: 0o600,
    type: "file" as const,
  });
  const fill = async () => {
    for (const { path, content } of tagFiles(sealed, vouching)) {
      const writer = controller.add(header(path, content.length)).getWriter();
      await writer.write(content);
      await writer.close();
    }
    for (const [at, part] of parts.entries()) {
      const writer = controller.add(header(part.path, sealed.manifest.files[at]?.bytes ?? 0)).getWriter();
      for await (const bytes of part.read()) await writer.write(bytes);
      await writer.close();
    }
    controller.finalize();
  };
  fill().catch((error: unknown) =>
    controller.error(error instanceof Error ? error : new Error("a part could not be read")),
  );
  return encrypter.encrypt(readable);
}

function small(path: string, content: string | Uint8Array): Small {
  return { path, content: typeof content === "string" ? new TextEncoder().encode(content) : content };
}

/** The seal of a pack, `seal/…`: what was signed and what vouches for it. It goes along when the pack is an exhibit in another one. */
export function sealFiles(
  { text, signature, certificate, publicKey }: SealedManifest,
  { timestamp, log }: Vouching,
): Small[] {
  return [
    small("seal/manifest.json", text),
    small("seal/manifest.sig", signature),
    small("seal/key.pem", pemOf(publicKey)),
    ...(certificate === null ? [] : [small("seal/certificate.json", JSON.stringify(certificate))]),
    ...(timestamp === null ? [] : [small("seal/timestamp.tsr", timestamp)]),
    ...(log === null
      ? []
      : [
          small("seal/log-entry.json", JSON.stringify({ body: log.body, salt: log.salt })),
          small("seal/log-proof.txt", log.proof),
        ]),
  ];
}

/** The bag's own files, in the order in which they are written: the seal first, so that a reader knows what to expect. */
export function tagFiles(sealed: SealedManifest, vouching: Vouching): Small[] {
  const { manifest } = sealed;
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const date = manifest.sealedAt.slice(0, 10);
  const tags = [
    small("bagit.txt", BAGIT),
    small("bag-info.txt", bagInfo({ packId: manifest.packId, date, bytes, files: manifest.files.length })),
    small("manifest-sha256.txt", writeManifest(manifest.files, "sha256")),
    small("manifest-sha512.txt", writeManifest(manifest.files, "sha512")),
    ...sealFiles(sealed, vouching),
    small("README.txt", readmeOf(manifest)),
  ];
  const listed: Listed[] = tags.map(({ path, content }) => ({ path, ...digestsOf(content) }));
  return [small("tagmanifest-sha256.txt", writeManifest(listed, "sha256")), ...tags];
}

/** SubjectPublicKeyInfo around a raw Ed25519 key (RFC 8410), as OpenSSL reads it. */
export function pemOf(publicKey: string): string {
  const bytes = `302a300506032b6570032100${publicKey}`.match(/../g) ?? [];
  const encoded = btoa(bytes.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join(""));
  return `-----BEGIN PUBLIC KEY-----\n${encoded}\n-----END PUBLIC KEY-----\n`;
}
