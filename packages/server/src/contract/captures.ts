import { AUTHORITY_KINDS, CAPTURE_MODES } from "@jikim/casework";
import { z } from "zod";
import { clockSchema, instantSchema } from "./common.ts";

export { AUTHORITY_KINDS, CAPTURE_MODES };

const wordsSchema = z.string().trim().min(1).max(500);

/** A cookie of an account that the centre owns. It is held in memory until the capture is done, and written nowhere. */
export const cookieSchema = z.strictObject({
  name: z.string().min(1).max(256),
  value: z.string().max(4096),
  /** A host, or with a leading dot that and all below it. */
  domain: z.string().min(1).max(255),
  path: z.string().startsWith("/").max(1024).default("/"),
  /** Goes over TLS alone. */
  secure: z.boolean().default(true),
});
/** `ownedByCentre`: her word for it. An account of a survivor or of anybody else is never used. */
export const sessionSchema = z.strictObject({
  ownedByCentre: z.literal(true),
  cookies: z.array(cookieSchema).min(1).max(100),
});
export type Session = z.infer<typeof sessionSchema>;

/** A place of the case, or an address that is none yet (http or https). */
const targetSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("place"), placeId: z.uuid() }),
  z.strictObject({ kind: z.literal("url"), url: z.url({ protocol: /^https?$/ }).max(2048) }),
]);

/**
 * POST /api/desk/cases/:id/captures → 202 capture row. The same id again answers with the same row and starts nothing.
 * Whether minors' rules hold is taken from the case: there `keep-matching` is refused (KEEPING_REFUSED).
 * Refused: AUTHORITY_NEEDED (a closed room of a minor or of unknown age), AUTHORITY_OUT_OF_SCOPE, AUTHORITY_OUT_OF_TIME,
 * AUTHORITY_LAPSED, LEGAL_BASIS_MISSING (closed rooms and keep-matching need one), COUNSEL_MISSING (sessions), NOT_A_PAGE,
 * OPINION_MISSING (a page of a minor or of unknown age, without counsel's opinion and without an authority), LINK_UNCONFIRMED,
 * MANDATE_MISSING (keep-matching; anything else without a mandate, a legal basis or an authority).
 */
export const capturePostSchema = z.strictObject({
  /** Made by the browser. */
  id: z.uuid(),
  target: targetSchema,
  mode: z.enum(CAPTURE_MODES).default("hash-and-discard"),
  /** Whether anybody may see the page, or only who was let in. With a session it is closed. */
  access: z.enum(["open", "closed"]).default("open"),
  authorityId: z.uuid().nullable().default(null),
  legalBasis: wordsSchema.nullable().default(null),
  session: sessionSchema.nullable().default(null),
});
export type CapturePost = z.input<typeof capturePostSchema>;

/**
 * queued → running → sealed, or failed (may be tried again). locked: sealed, but its emergency authority was not approved in time: it can
 * be opened only after an approval given within that time is recorded.
 */
export const CAPTURE_STATES = ["queued", "running", "sealed", "failed", "locked"] as const;

/**
 * ADDRESS_REFUSED: it leads into a private network · NOTHING_CAME: nothing answers there · NO_BROWSER: this server has no Chromium ·
 * SESSION_LOST: the server ended before its turn, and the session was in memory alone: give it again · NO_LONGER_ALLOWED: its authority
 * ended, the case was closed or she turned out to be a minor, before its turn · OUT_OF_SCOPE: the page led on to an address that its authority does not cover · TOO_LARGE: more than a pack may hold · CAPTURE_FAILED: tried
 * three times.
 */
export const CAPTURE_FAILURES = [
  "ADDRESS_REFUSED",
  "NOTHING_CAME",
  "NO_BROWSER",
  "SESSION_LOST",
  "NO_LONGER_ALLOWED",
  "OUT_OF_SCOPE",
  "TOO_LARGE",
  "CAPTURE_FAILED",
] as const;

export const captureSchema = z.strictObject({
  id: z.uuid(),
  /** Running number within the case: "capture 3". */
  number: z.int(),
  state: z.enum(CAPTURE_STATES),
  /** Of failed. */
  failure: z.enum(CAPTURE_FAILURES).nullable(),
  url: z.string(),
  placeId: z.uuid().nullable(),
  mode: z.enum(CAPTURE_MODES),
  minor: z.boolean(),
  access: z.enum(["open", "closed"]),
  authorityId: z.uuid().nullable(),
  legalBasis: z.string().nullable(),
  /** Pseudonym of who ordered it. */
  orderedBy: z.string(),
  orderedAt: instantSchema,
  startedAt: instantSchema.nullable(),
  /** When it was sealed, or failed for good. */
  endedAt: instantSchema.nullable(),
  /** Of sealed and locked. kept: texts · media: kept under a seal of their own, of keep-matching · notStored: only as digests. */
  counts: z.strictObject({ kept: z.int(), media: z.int(), notStored: z.int(), gaps: z.int() }).nullable(),
  /** Of sealed and locked; its id among the case's `fileKeys` is the same. */
  packId: z.uuid().nullable(),
  /** Bytes of the sealed pack, and its SHA-256 in hex. */
  pack: z.strictObject({ bytes: z.int(), sha256: z.string() }).nullable(),
  stampedAt: instantSchema.nullable(),
  loggedAt: instantSchema.nullable(),
});
export type Capture = z.infer<typeof captureSchema>;

/** GET /api/desk/cases/:id/captures : newest first. */
export const capturesSchema = z.strictObject({ rows: z.array(captureSchema) });

/**
 * POST /api/desk/cases/:id/captures/:captureId/retry → 202 row. Of a failed one; a session is given again. Refused as the first time, or
 * CAPTURE_NOT_FAILED.
 * GET …/captures/:captureId/pack : the sealed pack as application/octet-stream (age, for the file key of its packId). CAPTURE_LOCKED,
 * NOT_FOUND while there is none. Each fetch is recorded: `opened` in the custody, and a release that she reads.
 */
export const captureRetrySchema = z.strictObject({ session: sessionSchema.nullable().default(null) });

/** In force, waiting for approval (48 hours of an emergency), lapsed without it, not yet begun, or over. */
export const AUTHORITY_STANDINGS = ["in-force", "unapproved", "lapsed", "not-begun", "over"] as const;

/**
 * What a power covers: hosts, or host and beginning of the path ("chat.example", "*.example", "t.me/room"), places of the case, and its own
 * words. Nothing listed covers nothing.
 */
export const authorityScopeSchema = z.strictObject({
  addresses: z.array(z.string().trim().min(1).max(300)).max(100),
  placeIds: z.array(z.uuid()).max(200),
  words: z.string().trim().max(2000),
});

/** The row of a law that an authority rests on, as everywhere: article, source, date and how sure we are. */
export const authorityLawSchema = z.strictObject({
  law: z.strictObject({ ko: z.string(), en: z.string() }),
  article: z.string(),
  source: z.string(),
  asOf: z.string(),
  mark: z.string(),
  /** The longest it may last, in months; null: none is known. */
  mostMonths: z.int().nullable(),
});

/**
 * POST /api/desk/cases/:id/authorities → row. Kinds: police-request · emergency (its clock starts with `from`) · court-permit.
 * AUTHORITY_TOO_LONG: beyond the months that the law names. `until` may be left open for a police request only; an emergency without one
 * lasts its 48 hours until it is approved. `approvedBy`: office and rank, no private person; of an emergency it comes later.
 */
export const authorityPostSchema = z.strictObject({
  id: z.uuid(),
  kind: z.enum(AUTHORITY_KINDS),
  number: wordsSchema,
  /** The unit or court, such as "○○경찰청 사이버수사과". */
  office: wordsSchema,
  scope: authorityScopeSchema,
  from: instantSchema,
  until: instantSchema.nullable(),
  approvedBy: wordsSchema.nullable(),
});
export type AuthorityPost = z.infer<typeof authorityPostSchema>;

export const authoritySchema = z.strictObject({
  ...authorityPostSchema.shape,
  standing: z.enum(AUTHORITY_STANDINGS),
  /** When the approval was given; null: not yet, or (police request, court permit) with the document itself. */
  approvedAt: instantSchema.nullable(),
  /** By when an emergency must be approved, and the legal clock of it. */
  approveBy: instantSchema.nullable(),
  clock: clockSchema.nullable(),
  endedAt: instantSchema.nullable(),
  recordedBy: z.string(),
  recordedAt: instantSchema,
  law: authorityLawSchema.nullable(),
  /** Captures made under it; `locked` of them wait for an approval. */
  captures: z.strictObject({ all: z.int(), locked: z.int() }),
});
export type Authority = z.infer<typeof authoritySchema>;

/** GET /api/desk/cases/:id/authorities : newest first. */
export const authoritiesSchema = z.strictObject({ rows: z.array(authoritySchema) });

/**
 * POST /api/desk/cases/:id/authorities/:authorityId/approve → row: the approval or permit of an emergency. `at`: when it was given; one later
 * than `approveBy` is refused (AUTHORITY_LAPSED). Recording after `approveBy` one that was given in time is for supervisors. It unlocks.
 */
export const authorityApproveSchema = z.strictObject({
  by: wordsSchema,
  number: wordsSchema,
  at: instantSchema,
  /** The end that the approval names. */
  until: instantSchema,
});
/** POST …/authorities/:authorityId/end → row: it ends now; nothing more is captured under it, what was stays. The body is empty. */

/** GET, PUT /api/desk/closed-rooms (admin): counsel's opinion that lets rooms be captured through accounts the centre owns; null: none. */
export const closedRoomsSchema = z.strictObject({
  counsel: z.strictObject({ reference: wordsSchema, givenOn: z.iso.date() }).nullable(),
});

/** An emergency measure that waits for approval; the clock is that of its 48 hours. */
export const emergencyDueSchema = z.strictObject({
  caseId: z.uuid(),
  caseNumber: z.int(),
  authorityId: z.uuid(),
  clock: clockSchema,
  dueAt: instantSchema,
  overdue: z.boolean(),
  captures: z.int(),
});
export type EmergencyDue = z.infer<typeof emergencyDueSchema>;

/**
 * GET /api/desk/authorities/due : emergencies of the cases she holds (supervisors and intake: of all) that wait for approval, soonest
 * first. The due list brings them too.
 */
export const authoritiesDueSchema = z.strictObject({ rows: z.array(emergencyDueSchema) });
