import { sha256 } from "@noble/hashes/sha2.js";
import { hex } from "@scure/base";
import { z } from "../schema.ts";
import { caseGraph } from "./case-graph.ts";
import type { PackManifest } from "./manifest.ts";
import { digestParts, type PackPart, type SealedManifest, signManifest } from "./write.ts";

/** Why a body was not stored: the capture's word, and the manifest's. */
const NOT_STORED = {
  media: "media",
  disguised: "disguised-media",
  "not-text": "not-text",
  "too-large": "too-large",
} as const;
const WHYS = ["media", "disguised", "not-text", "too-large"] as const;
const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What a pack says of a capture, read from the `record.json` that the capture program leaves. That program works with what a hostile page sends: its
 * word is checked here, at the border.
 */
export const capturedSchema = z.object({
  version: z.literal(1),
  url: z.object({ requested: z.string(), final: z.string() }),
  /** Addresses that sent it on, in order. */
  redirects: z.array(z.string()),
  mode: z.enum(["hash-and-discard", "keep-matching"]),
  minor: z.boolean(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  tookMs: z.int().min(0),
  zone: z.string(),
  /** With its settings: how the browser was started, and how it looks at pages. */
  tool: z.looseObject({ name: z.string(), version: z.string() }),
  resources: z.array(
    z.object({
      url: z.string(),
      type: z.string(),
      kept: z.boolean(),
      bytes: z.int().min(0),
      sha256: hashSchema,
      why: z.enum(WHYS).nullable(),
      /** A file of the capture that holds it, encrypted with age: a body that matched one of her items. */
      sealed: z
        .string()
        .regex(/^kept-\d{1,4}\.age$/)
        .optional(),
    }),
  ),
  gaps: z.array(z.object({ url: z.string(), why: z.string() })),
  screenshot: z.object({}).nullable(),
});
export type Captured = z.infer<typeof capturedSchema>;

/** A file of a capture's folder and what it is called in the pack. */
export type CapturedFile = { readonly name: string; readonly path: string; readonly type: string };

/** The files that belong into the pack, in order. */
export function filesOfCapture({ screenshot, resources }: Captured): CapturedFile[] {
  const plain = [
    { name: "capture.wacz", type: "application/wacz+zip" },
    { name: "record.json", type: "application/json" },
    ...(screenshot === null ? [] : [{ name: "screenshot.png", type: "image/png" }]),
  ].map((file) => ({ ...file, path: `data/${file.name}` }));
  const kept = new Set(resources.flatMap(({ sealed }) => sealed ?? []));
  return [
    ...plain,
    ...[...kept].map((name) => ({ name, path: `data/kept/${name.slice(5)}`, type: "application/age" })),
  ];
}

export type CaptureCounts = {
  /** Texts. */
  readonly kept: number;
  /** Bodies that matched and lie in the pack under a seal of their own. */
  readonly media: number;
  /** Only as digests. */
  readonly notStored: number;
  readonly gaps: number;
};

export function countCapture({ resources, gaps }: Captured): CaptureCounts {
  return {
    kept: resources.filter(({ kept }) => kept).length,
    media: resources.filter(({ sealed }) => sealed !== undefined).length,
    notStored: resources.filter(({ why, sealed }) => why !== null && sealed === undefined).length,
    gaps: gaps.length,
  };
}

/** What the centre says of a capture, which the capture itself cannot know. */
export type AboutCapture = Pick<
  PackManifest,
  | ("packId" | "exhibit" | "previous" | "case" | "centre" | "legalBasis" | "authority" | "consent")
  | ("actors" | "sealedAt" | "clockOffMs")
>;

/** What is known of a capture that is about to be signed. */
export type CaptureFacts = Omit<PackManifest, "version">;

type Sealing = {
  /** Files that the capture left. */
  readonly parts: readonly PackPart[];
  readonly by: Parameters<typeof signManifest>[1];
  /** Files that tell of them, such as a report for a person. */
  readonly tell?: (facts: CaptureFacts) => Promise<readonly PackPart[]>;
};

/**
 * Signs what a capture left: its files and their CASE graph, what was not stored and what is missing. The parts come back with the graph among
 * them, as `writePack` takes them.
 */
export async function sealCapture(
  captured: Captured,
  about: AboutCapture,
  { parts, by, tell }: Sealing,
): Promise<{ readonly sealed: SealedManifest; readonly parts: readonly PackPart[] }> {
  const facts = { ...about, ...factsOf(captured) };
  const files = await digestParts(parts);
  const told = (await tell?.({ ...facts, files })) ?? [];
  files.push(...(await digestParts(told)));
  const addresses = { ...captured.url, redirects: captured.redirects };
  const graph = textPart(
    { path: "data/case.jsonld", type: "application/ld+json" },
    JSON.stringify(caseGraph({ version: 1, ...facts, files }, { addresses })),
  );
  files.push(...(await digestParts([graph])));
  return { sealed: signManifest({ ...facts, files }, by), parts: [...parts, ...told, graph] };
}

function textPart(what: Pick<PackPart, "path" | "type">, text: string): PackPart {
  const content = new TextEncoder().encode(text);
  return {
    ...what,
    async *read() {
      yield content;
    },
  };
}

function factsOf(captured: Captured) {
  const { startedAt, endedAt, tookMs, zone, minor, mode, tool, resources, gaps } = captured;
  const notStored = resources.flatMap(({ url, type, bytes, sha256, why, sealed }) =>
    why === null || sealed !== undefined ? [] : [{ address: url, type, bytes, sha256, why: NOT_STORED[why] }],
  );
  return {
    ...{ minor, mode, startedAt, endedAt, tookMs, zone, notStored },
    tool: { name: tool.name, version: tool.version, settings: digestOf(tool) },
    gaps: gaps.map(({ url, why }) => ({ address: url, why })),
  };
}

/** As `jq -cj .tool data/record.json | sha256sum` gives it. */
function digestOf(tool: Captured["tool"]): string {
  return hex.encode(sha256(new TextEncoder().encode(JSON.stringify(tool))));
}
