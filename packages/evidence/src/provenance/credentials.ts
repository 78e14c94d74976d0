import * as c2pa from "@contentauth/c2pa-wasm";
import { z } from "../schema.ts";
import { blobOf, standsIn } from "./blob.ts";
import type { ContentCredentials, NotChecked } from "./report.ts";

/** Reads Content Credentials out of a file in memory. */
export type CredentialsReader = (
  bytes: Uint8Array<ArrayBuffer>,
) => Promise<{ readonly found: ContentCredentials | null; readonly notChecked: readonly NotChecked[] }>;

/** Nothing is fetched: a fetch would tell the address in the file that somebody looks at it. */
const SETTINGS = JSON.stringify({
  core: { allowed_network_hosts: [] },
  verify: { remote_manifest_fetch: false, ocsp_fetch: false },
});

const STORE = z.object({
  active_manifest: z.string().optional(),
  validation_state: z.string().optional(),
  validation_status: z.array(z.object({ code: z.string() })).optional(),
  manifests: z.record(z.string(), z.unknown()),
});
const MANIFEST = z.object({
  claim_generator: z.string().optional(),
  claim_generator_info: z.array(z.object({ name: z.string() })).optional(),
  signature_info: z.object({ issuer: z.string().nullish(), time: z.string().nullish() }).nullish(),
});

/** What a store says; null when it is not in the shape the library promises. */
function readStore(text: string): ContentCredentials | null {
  const store = STORE.safeParse(JSON.parse(text));
  if (!store.success) return null;
  const { active_manifest: active = "", manifests, validation_state: state, validation_status: problems } = store.data;
  const manifest = MANIFEST.safeParse(manifests[active]).data;
  const generators = manifest?.claim_generator_info?.map(({ name }) => name) ?? [manifest?.claim_generator ?? ""];
  const types = text.match(/digitalsourcetype\/[A-Za-z]{1,60}/g) ?? [];
  return {
    state: state === "Trusted" ? "trusted" : state === "Valid" ? "valid" : "invalid",
    generators: generators.filter((name) => name !== "").map((name) => name.slice(0, 100)),
    issuer: manifest?.signature_info?.issuer?.slice(0, 100) ?? null,
    signedAt: manifest?.signature_info?.time ?? null,
    sourceTypes: [...new Set(types.map((type) => type.slice("digitalsourcetype/".length)))],
    problems: [...new Set((problems ?? []).map(({ code }) => code))].slice(0, 50),
  };
}

const FORMATS: readonly (readonly [RegExp, string])[] = [
  [/^\xff\xd8\xff/s, "image/jpeg"],
  [/^\x89PNG/s, "image/png"],
  [/^GIF8/s, "image/gif"],
  [/^RIFF.{4}WEBP/s, "image/webp"],
  [/^RIFF.{4}AVI /s, "video/x-msvideo"],
  [/^(II\*|MM.\*)/s, "image/tiff"],
  [/^.{4}ftypavi[fs]/s, "image/avif"],
  [/^.{4}ftyp(heic|heix|mif1|msf1)/s, "image/heic"],
  [/^.{4}ftypqt/s, "video/quicktime"],
  [/^.{4}ftyp/s, "video/mp4"],
];

/**
 * Opens the reader of Content Credentials. Nothing is ever fetched, neither remote manifests nor revocation answers.
 *
 * @param wasm  `@contentauth/c2pa-wasm/c2pa.wasm`, as bytes or compiled.
 */
export async function openCredentialsReader(
  wasm: Uint8Array<ArrayBuffer> | ArrayBuffer | WebAssembly.Module,
): Promise<CredentialsReader> {
  const byOurs = standsIn();
  await c2pa.default({ module_or_path: wasm });
  let broken = false;
  return async (bytes) => {
    const not = (why: NotChecked["why"]) =>
      ({ found: null, notChecked: [{ what: "content-credentials", why }] }) as const;
    if (broken) return not("READER_BROKE");
    const start = String.fromCharCode(...bytes.subarray(0, 16));
    const format = FORMATS.find(([pattern]) => pattern.test(start))?.[1];
    if (format === undefined) return not("FORMAT");
    try {
      const blob = byOurs ? blobOf(bytes) : new Blob([bytes]);
      const reader = await c2pa.WasmReader.fromBlob(format, blob, SETTINGS);
      const found = readStore(reader.json());
      reader.free();
      return found === null ? not("DAMAGED") : { found, notChecked: [] };
    } catch (error) {
      // After a trap the memory of the module is not to be trusted any more.
      broken = error instanceof WebAssembly.RuntimeError;
      if (broken) return not("READER_BROKE");
      const text = String(error);
      if (/JumbfNotFound/.test(text)) return { found: null, notChecked: [] };
      if (/UnsupportedType/.test(text)) return not("FORMAT");
      return not(/RemoteManifest/.test(text) ? "REMOTE" : "DAMAGED");
    }
  };
}
