import { z } from "zod";
import { ASKS } from "../asks.ts";

/**
 * What goes between us and the process that decodes foreign bytes. There: four bytes of length, a line of JSON, four bytes of
 * length, the bytes. Back: four bytes of length, JSON. It is told nothing of a case, and what it says is checked like a stranger's.
 */
export type Order =
  /** A picture, an animation or a film; which of them, its bytes tell. */
  | { readonly kind: "media" }
  /** A page of the web, read without running anything in it. */
  | { readonly kind: "page" }
  /** RSS or Atom; a sitemap, also packed by gzip. */
  | { readonly kind: "feed" }
  | { readonly kind: "sitemap" }
  /** May `agent` fetch `url`, by the robots.txt in the bytes? */
  | { readonly kind: "robots"; readonly url: string; readonly agent: string };

const MOST_LINKS = 60_000;
const LONGEST_LINK = 4096;
/** A page may carry its pictures in itself; they are handed back as text. */
const LONGEST_PICTURE = 34 << 20;
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const quality = z.int().min(0).max(100);
const links = z.array(z.string().max(LONGEST_LINK)).max(MOST_LINKS);

const query = z.strictObject({
  kind: z.enum(["pdq", "view"]),
  value: hash,
  quality,
  of: z.enum(["whole", "trimmed", "straightened"]),
  part: z.enum(["all", "upper", "lower"]),
  turning: z.int().min(0).max(15),
});
const frame = z.strictObject({ kind: z.literal("vpdq-frame"), value: hash, quality, at: z.number().min(0) });

/** One picture as it is looked up: by what is left of it after trimming, and turned and mirrored in all eight ways. */
const picture = z.strictObject({ queries: z.array(query).max(64), turned: z.array(hash).max(8), quality });

export const answerSchemas = {
  media: z.discriminatedUnion("seen", [
    z.strictObject({ seen: z.literal("pictures"), pictures: z.array(picture).min(1).max(32) }),
    /** `whole`: it was looked at to its end. */
    z.strictObject({ seen: z.literal("film"), frames: z.array(frame).max(20_000), whole: z.boolean() }),
    /** Lines and letters alone, or too small to show anything. */
    z.strictObject({ seen: z.literal("nothing") }),
    z.strictObject({ seen: z.literal("unreadable") }),
  ]),
  page: z.strictObject({
    pictures: z.array(z.string().max(LONGEST_PICTURE)).max(5000),
    films: links,
    links,
    opaque: z.boolean(),
    shell: z.boolean(),
    scripted: z.boolean(),
    asks: z.array(z.enum(ASKS)).max(ASKS.length),
  }),
  feed: z.strictObject({ links, pictures: links }).nullable(),
  sitemap: z.strictObject({ pages: links, sitemaps: links }).nullable(),
  robots: z.strictObject({ allowed: z.boolean() }),
} as const;

export type Answers = { readonly [kind in Order["kind"]]: z.infer<(typeof answerSchemas)[kind]> };
export type SeenMedia = Answers["media"];
export type SeenPicture = z.infer<typeof picture>;

/** Bytes of one answer at most. */
export const MOST_ANSWER = 64 << 20;

/** Cuts a stream into the pieces of which each has its length, four bytes, in front. @throws {RangeError} beyond `most`. */
export async function* readPieces(from: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  const take = (length: number): Buffer => {
    const all = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    held = [all.subarray(length)];
    bytes -= length;
    return all.subarray(0, length);
  };
  let wanted: number | null = null;
  for await (const part of from) {
    held.push(part);
    bytes += part.length;
    for (;;) {
      if (wanted === null) {
        if (bytes < 4) break;
        wanted = take(4).readUInt32BE();
        if (wanted > most) throw new RangeError("a piece is too long");
      }
      if (bytes < wanted) break;
      yield take(wanted);
      wanted = null;
    }
  }
}

export function writePiece(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
