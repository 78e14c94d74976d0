import wasmUrl from "@contentauth/c2pa-wasm/c2pa.wasm?url";
import { openCredentialsReader, type Picture, ProvenanceRefusal, readProvenance } from "@jikim/evidence/provenance";
import { shortName } from "@jikim/fingerprint";
import { fingerprintFile } from "@jikim/fingerprint/browser";
import { sha256 } from "@noble/hashes/sha2.js";
import type { ProvenanceContent } from "../shared/provenance-content.ts";

export type FileAsked = { readonly file: Blob };
export type FileSaid =
  | { readonly said: "done"; readonly content: ProvenanceContent }
  | { readonly said: "refused"; readonly code: "EMPTY" | "TOO_LARGE" | "TROUBLE" };

const MOST_BYTES = 100 * 2 ** 20;
const MOST_PIXELS = 64_000_000;
const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The pixels as they are stored: no colours managed, nothing turned, transparency as it is. */
async function pixelsOf(file: Blob): Promise<Picture | undefined> {
  try {
    const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
    const { width, height } = bitmap;
    if (width * height > MOST_PIXELS) return undefined;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    context?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const data = context?.getImageData(0, 0, width, height).data;
    return data && { data, width, height, channels: 4 };
  } catch {
    return undefined;
  }
}

async function nameOf(file: Blob): Promise<string | null> {
  const read = await fingerprintFile(file).catch(() => null);
  const first = read?.fingerprints[0];
  return first === undefined ? null : shortName(first.value);
}

/** Reads one file. Nothing of it leaves this worker but what it says of itself, its digest, and a fingerprint's short name. */
async function look({ file }: FileAsked): Promise<FileSaid> {
  if (file.size > MOST_BYTES) return { said: "refused", code: "TOO_LARGE" };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const picture = await pixelsOf(file);
    const wasm = await fetch(wasmUrl).then((response) => response.arrayBuffer());
    const credentials = await openCredentialsReader(wasm);
    const report = await readProvenance(bytes, { credentials, ...(picture && { picture }) });
    const content = { sha256: hex(sha256(bytes)), bytes: bytes.length, shortName: await nameOf(file) };
    return { said: "done", content: { ...content, readAt: new Date().toISOString(), report } };
  } catch (error) {
    const code = error instanceof ProvenanceRefusal ? error.reason.code : null;
    return { said: "refused", code: code === "EMPTY" || code === "TOO_LARGE" ? code : "TROUBLE" };
  }
}

addEventListener(
  "message",
  (event: MessageEvent<FileAsked>) => void look(event.data).then((said) => postMessage(said)),
);
