import { decryptText } from "@jikim/evidence";
import {
  exhibitPath,
  keptKeyPath,
  type LeftOut,
  leftOutOf,
  marksPath,
  openPack,
  type PackedMarks,
  type PackManifest,
  type PackPart,
  type SealedManifest,
  sayMarks,
  sealFiles,
  type Vouching,
  writePack,
} from "@jikim/evidence/pack";
import type { packs } from "@jikim/server/contract";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { PackingRefusal } from "./packing-refusal.ts";

type PackOrder = packs.PackOrder;
type PackVouching = packs.PackVouching;
type SealedPack = packs.SealedPack;

/** A sealed exhibit as it came from the server, and the key that opens it. */
export type SealedExhibit = {
  readonly number: number;
  readonly kind: "capture" | "chat";
  readonly sealed: Blob;
  /** age secret key of this one file. */
  readonly identity: string;
  /** What a capture kept stays at the centre, or goes along, still encrypted, with the key that opens it. */
  readonly kept: "left-out" | "along";
};

/** A manifest that the server signed. */
type Signing = Pick<SealedPack, "text" | "signature" | "certificate" | "publicKey">;
type File = PackOrder["files"][number];
/** Seen and not kept, missing, and when: what the exhibit's own manifest says. */
type Told = Pick<PackManifest, "mode" | "startedAt" | "endedAt" | "zone" | "notStored" | "gaps">;

/** An exhibit opened here: its files as they go into the delivery pack. */
export type OpenedExhibit = {
  readonly number: number;
  readonly files: readonly File[];
  /** SHA-256 of its manifest; empty for a chat that was not sealed yet. */
  readonly digest: string;
  /** Null for a chat. */
  readonly told: Told | null;
  readonly contents: readonly Blob[];
  readonly leftOut: readonly LeftOut[];
};

const TYPES: Readonly<Record<string, string>> = {
  json: "application/json",
  txt: "text/plain",
  pem: "application/x-pem-file",
  tsr: "application/timestamp-reply",
};
const typeOf = (path: string) => TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Opens an exhibit. Nothing of it leaves this computer but digests. @throws {PackingRefusal} */
export async function openExhibit(exhibit: SealedExhibit): Promise<OpenedExhibit> {
  return exhibit.kind === "chat" ? openChatExhibit(exhibit) : openCaptureExhibit(exhibit);
}

async function openChatExhibit({ number, sealed, identity }: SealedExhibit): Promise<OpenedExhibit> {
  const text = await decryptText(sealed.stream(), identity).catch(() => {
    throw new PackingRefusal("EXHIBIT_LOCKED", number);
  });
  const bytes = new TextEncoder().encode(text);
  const file = fileOf(`data/exhibits/${number}/chat.json`, bytes);
  return { number, files: [file], digest: "", told: null, contents: [new Blob([bytes])], leftOut: [] };
}

function fileOf(path: string, bytes: Uint8Array): File {
  return { path, type: typeOf(path), bytes: bytes.length, sha256: hexOf(sha256(bytes)), sha512: hexOf(sha512(bytes)) };
}

async function openCaptureExhibit(exhibit: SealedExhibit): Promise<OpenedExhibit> {
  const { number, sealed, identity, kept } = exhibit;
  const contents = new Map<string, Blob>();
  const skipped: string[] = [];
  const opened = await openPack(sealed.stream(), identity, async (file) => {
    if (exhibitPath(number, file.path) === null) return;
    if (kept === "left-out" && file.path.startsWith("data/kept/")) return void skipped.push(file.path);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const part of file.read()) parts.push(new Uint8Array(part));
    contents.set(file.path, new Blob(parts));
  });
  if ("trouble" in opened) throw new PackingRefusal("EXHIBIT_LOCKED", number);
  const manifest = JSON.parse((await contents.get("seal/manifest.json")?.text()) ?? "null") as PackManifest | null;
  const isWhole = manifest?.files.every(({ path, sha256 }) => opened.digests.get(path)?.sha256 === sha256) ?? false;
  if (manifest === null || !isWhole) throw new PackingRefusal("EXHIBIT_ALTERED", number);
  const bodies = leftOutOf(number, manifest);
  const leftOut = kept === "left-out" ? bodies : [];
  if (skipped.some((path) => leftOut.every((each) => each.path !== path)))
    throw new PackingRefusal("EXHIBIT_ALTERED", number);
  const files = filesOf(number, [...contents.keys()], { manifest, digests: opened.digests });
  const digest = opened.digests.get("seal/manifest.json")?.sha256 ?? "";
  const told = { number, digest, told: manifest, leftOut };
  if (kept === "left-out" || bodies.length === 0) return { ...told, files, contents: [...contents.values()] };
  const key = new TextEncoder().encode(`${identity}\n`);
  return {
    ...told,
    files: [...files, fileOf(keptKeyPath(number), key)],
    contents: [...contents.values(), new Blob([key])],
  };
}

/** Marks that she sent, each as it was read and in words; they lie beside the exhibits. */
export function marksFiles(all: readonly PackedMarks[]): OpenedExhibit {
  const files = all.flatMap((marks, at) => [
    { path: marksPath(at + 1, "json"), content: JSON.stringify(marks) },
    { path: marksPath(at + 1, "txt"), content: sayMarks(marks) },
  ]);
  const written = files.map(({ path, content }) => ({ path, bytes: new TextEncoder().encode(content) }));
  return {
    ...{ number: 0, digest: "", told: null, leftOut: [] },
    files: written.map(({ path, bytes }) => fileOf(path, bytes)),
    contents: written.map(({ bytes }) => new Blob([bytes])),
  };
}

type Read = { readonly manifest: PackManifest; readonly digests: ReadonlyMap<string, Omit<File, "path" | "type">> };

function filesOf(number: number, paths: readonly string[], { manifest, digests }: Read): File[] {
  const types = new Map(manifest.files.map(({ path, type }) => [path, type]));
  return paths.flatMap((path): File[] => {
    const [inside, found] = [exhibitPath(number, path), digests.get(path)];
    return inside === null || found === undefined
      ? []
      : [{ path: inside, type: types.get(path) ?? typeOf(path), ...found }];
  });
}

/**
 * An exhibit with more of its seal: what vouched for a capture only after it was sealed, or all of a chat's.
 * @param seal  of a chat; a capture brings its own.
 */
export function withSeal(exhibit: OpenedExhibit, vouching: PackVouching, seal: SealedManifest | null): OpenedExhibit {
  const { number, files, contents } = exhibit;
  const has = new Set(files.map(({ path }) => path));
  const all = seal === null ? laterFiles(vouching) : sealFiles(seal, vouchingOf(vouching));
  const more = all
    .map(({ path, content }) => ({ file: fileOf(`data/exhibits/${number}/${path}`, content), content }))
    .filter(({ file }) => !has.has(file.path));
  return {
    ...exhibit,
    digest: seal === null ? exhibit.digest : hexOf(sha256(new TextEncoder().encode(seal.text))),
    files: [...files, ...more.map(({ file }) => file)],
    contents: [...contents, ...more.map(({ content }) => new Blob([new Uint8Array(content)]))],
  };
}

/** What vouched for a capture only after it was sealed: its timestamp, and its place in the log. */
function laterFiles({ timestamp, log }: PackVouching) {
  const text = (content: string) => new TextEncoder().encode(content);
  return [
    ...(timestamp === null ? [] : [{ path: "seal/timestamp.tsr", content: bytesOf(timestamp) }]),
    ...(log === null
      ? []
      : [
          { path: "seal/log-entry.json", content: text(JSON.stringify({ body: log.body, salt: log.salt })) },
          { path: "seal/log-proof.txt", content: text(log.proof) },
        ]),
  ];
}

/** From standard base64. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** What the opened exhibits say of themselves, as the order of the delivery pack says it. */
export function tellOf(exhibits: readonly OpenedExhibit[], now: string) {
  const told = exhibits.flatMap((exhibit) => exhibit.told ?? []);
  const [starts, ends] = [told.map(({ startedAt }) => startedAt).sort(), told.map(({ endedAt }) => endedAt).sort()];
  return {
    files: exhibits.flatMap(({ files }) => files),
    startedAt: starts[0] ?? now,
    endedAt: ends.at(-1) ?? now,
    zone: told[0]?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    mode: modeOf(told),
    notStored: told.flatMap(({ notStored }) => notStored),
    gaps: told.flatMap(({ gaps }) => gaps),
    leftOut: exhibits.flatMap(({ leftOut }) => leftOut),
  };
}

function modeOf(told: readonly Told[]): PackManifest["mode"] {
  if (told.length === 0) return "export";
  return told.some(({ mode }) => mode === "keep-matching") ? "keep-matching" : "hash-and-discard";
}

/** The delivery pack, encrypted to the unit, and what `sha256sum` says of it. */
export async function writeDelivery(
  sealed: SealedPack,
  vouching: PackVouching,
  { exhibits, recipient }: { readonly exhibits: readonly OpenedExhibit[]; readonly recipient: string },
): Promise<{ readonly file: Blob; readonly sha256: string }> {
  const parts: PackPart[] = [
    ...exhibits.flatMap(({ files, contents }) => files.map((file, at) => partOf(file, contents[at] ?? new Blob()))),
    ...sealed.added.map(({ path, type, content }) => partOf({ path, type }, new Blob([bytesOf(content)]))),
  ];
  const pack = await writePack(signedOf(sealed), vouchingOf(vouching), { parts, recipients: [recipient] });
  const digest = sha256.create();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let reader = pack.getReader(), next = await reader.read(); !next.done; next = await reader.read()) {
    digest.update(next.value);
    chunks.push(new Uint8Array(next.value));
  }
  return { file: new Blob(chunks, { type: "application/octet-stream" }), sha256: hexOf(digest.digest()) };
}

function partOf({ path, type }: Pick<File, "path" | "type">, content: Blob): PackPart {
  return {
    path,
    type,
    async *read() {
      for (
        let reader = content.stream().getReader(), next = await reader.read();
        !next.done;
        next = await reader.read()
      )
        yield next.value;
    },
  };
}

/** What the server signed, as evidence has it. */
export function signedOf({ text, signature, certificate, publicKey }: Signing): SealedManifest {
  return { manifest: JSON.parse(text), text, signature: bytesOf(signature), certificate, publicKey };
}

function vouchingOf({ timestamp, log }: PackVouching): Vouching {
  return { timestamp: timestamp === null ? null : bytesOf(timestamp), log };
}
