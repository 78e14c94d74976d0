import { z } from "../schema.ts";

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const instantSchema = z.iso.datetime({ offset: true });
const textSchema = z.string().max(2000);
/** A path inside the bag: parts of plain letters, so that it can be written on every system. */
const pathSchema = z
  .string()
  .max(200)
  .regex(/^data(\/[\w][\w.-]{0,80}){1,6}$/);

export const packFileSchema = z.strictObject({
  path: pathSchema,
  type: z.string().max(100),
  bytes: z.int().min(0),
  sha256: hashSchema,
  sha512: z.string().regex(/^[0-9a-f]{128}$/),
});
export type PackFile = z.infer<typeof packFileSchema>;

/** What was seen and not kept: a picture or film of which only its digest, its length and the reason stay. */
export const notStoredSchema = z.strictObject({
  address: z.string().max(4096),
  type: z.string().max(100),
  bytes: z.int().min(0),
  sha256: hashSchema,
  why: z.enum(["media", "disguised-media", "not-text", "too-large", "not-chosen"]),
});

/** A body that a capture kept, sealed for itself, and that did not go along: as the exhibit's own signed manifest has it. */
export const leftOutSchema = z.strictObject({
  /** Number of the exhibit. */
  exhibit: z.int().min(1).max(9999),
  /** Inside the exhibit's own pack. */
  path: pathSchema,
  bytes: z.int().min(0),
  sha256: hashSchema,
});
export type LeftOut = z.infer<typeof leftOutSchema>;

/** A power to seize, of the police or a court: what it covers and until when. */
export const authoritySchema = z.strictObject({
  kind: z.enum(["police-request", "emergency", "court-permit"]),
  number: textSchema,
  scope: textSchema,
  from: instantSchema,
  until: instantSchema.nullable(),
  approvedBy: textSchema,
});

/**
 * What a pack holds and how it came to be: the text that the centre signs. Roles and pseudonyms, never names; a case by a number that says
 * nothing outside the centre.
 */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  packId: z.uuid(),
  exhibit: textSchema,
  /** The pack before: of a capture the last one of the same address in this case, of a pack for a unit the last one that it was made. */
  previous: z.uuid().nullable(),
  centre: z.strictObject({ ko: textSchema, en: textSchema }),
  case: textSchema,
  legalBasis: textSchema,
  authority: authoritySchema.nullable(),
  /** SHA-256 of the centre's record of what she agreed to (server/src/packs/agreed.ts); null where a law or an authority carries it alone. */
  consent: hashSchema.nullable(),
  minor: z.boolean(),
  mode: z.enum(["hash-and-discard", "keep-matching", "export"]),
  actors: z.array(z.strictObject({ role: textSchema, did: textSchema, at: instantSchema })).max(50),
  startedAt: instantSchema,
  endedAt: instantSchema,
  /** Milliseconds from beginning to end by a clock that nobody sets. Absent where none was read. */
  tookMs: z.int().min(0).optional(),
  sealedAt: instantSchema,
  /** IANA zone of the machine that captured. */
  zone: z.string().max(60),
  /** Milliseconds by which the centre's clock was before the timestamp authority's (minus: behind), when it last stamped within a day. */
  clockOffMs: z.number().nullable(),
  tool: z.strictObject({ name: textSchema, version: textSchema, settings: hashSchema.nullable() }),
  files: z.array(packFileSchema).min(1).max(10_000),
  notStored: z.array(notStoredSchema).max(50_000),
  /** Bodies that captures in this pack kept and that stay sealed at the centre. Absent where none does. */
  leftOut: z.array(leftOutSchema).min(1).max(10_000).optional(),
  /** On what legal basis or authority bodies that were kept go along, in words. Absent where none does. */
  keptUnder: textSchema.optional(),
  /** What failed to load or was refused, so that nobody takes the pack for more than it is. */
  gaps: z.array(z.strictObject({ address: z.string().max(4096), why: textSchema })).max(50_000),
});
export type PackManifest = z.infer<typeof manifestSchema>;
