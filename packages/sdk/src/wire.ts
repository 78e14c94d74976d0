import { FINGERPRINT_KINDS } from "@jikim/fingerprint";
import { z } from "zod";

/**
 * What travels between a centre and a platform. Every signed thing is the exact text that was signed and an Ed25519 signature
 * over UTF-8 `jikim/<use>/v1`, line feed, payload; keys are vouched for by the centre's offline root, which a platform pins. Every route wants `Authorization: Bearer <platform key>`.
 */
export const signedSchema = z.strictObject({
  payload: z.string().max(1_000_000),
  signature: z.string().regex(/^[\w-]{86}$/),
});
export type Signed = z.infer<typeof signedSchema>;

export const instantSchema = z.iso.datetime();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const fingerprintSchema = z.strictObject({
  kind: z.enum(FINGERPRINT_KINDS),
  /** 64 lowercase hex digits. */
  value: hash,
  quality: z.int().min(0).max(100),
  /** Seconds into the film; only on frames. */
  at: z.number().min(0).exactOptional(),
  /** Which part or variant of the picture was hashed; only on parts. */
  part: z
    .string()
    .regex(/^[a-z0-9-]{1,24}$/)
    .exactOptional(),
});

export const entrySchema = z.strictObject({
  id: z.uuid(),
  basis: z.enum(["self-reported", "police", "court", "platform-review"]),
  disputed: z.boolean(),
  /** hold: keep it from view and let a person review · block: refuse the upload. */
  effect: z.enum(["hold", "block"]),
  fingerprints: z.array(fingerprintSchema).min(1).max(32),
});
export type Entry = z.infer<typeof entrySchema>;

/** Payload of a signed list change (use `list-change`). `previous` is the SHA-256 of the payload before it; zeros before the first. */
export const listChangeSchema = z.strictObject({
  number: z.int().min(1),
  previous: hash,
  at: instantSchema,
  change: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("put"), entry: entrySchema }),
    z.strictObject({ kind: z.literal("withdraw"), entryId: z.uuid() }),
  ]),
});
export type ListChange = z.infer<typeof listChangeSchema>;

/**
 * Payload of the signed head (use `list-head`): where the list stands. `digest` is the SHA-256 of the last change's payload.
 * `active` counts the entries in force and `sum` is the SHA-256 of the LtHash of the payloads that put them (list-sum.ts), so that a snapshot
 * with an entry left out or slipped in is noticed. `at` is the moment of signing: an old head is a frozen list.
 */
export const listHeadSchema = z.strictObject({
  number: z.int().min(0),
  digest: hash,
  active: z.int().min(0),
  sum: hash,
  at: instantSchema,
});
export type ListHead = z.infer<typeof listHeadSchema>;

/** GET /api/platform/list/snapshot?after=&limit= : the signed `put` changes in force, in order of number. */
export const snapshotPageSchema = z.strictObject({
  certificate: signedSchema,
  head: signedSchema,
  puts: z.array(signedSchema).max(2000),
  /** Pass as `after` for the next page; null on the last. */
  next: z.int().nullable(),
});
export type SnapshotPage = z.infer<typeof snapshotPageSchema>;

/**
 * Stands for a `put` whose entry was withdrawn or put anew since: its text is erased, its number and SHA-256 stay, so that the
 * chain still holds. A change passed off as erased is noticed by the head's `active` and `sum`.
 */
export const erasedChangeSchema = z.strictObject({ number: z.int().min(1), digest: hash });
export type ErasedChange = z.infer<typeof erasedChangeSchema>;

/** GET /api/platform/list/changes?after=N : every change since N, without a hole, in order of number, at most 1,000. */
export const changesPageSchema = z.strictObject({
  certificate: signedSchema,
  head: signedSchema,
  changes: z.array(z.union([signedSchema, erasedChangeSchema])).max(1000),
});
export type ChangesPage = z.infer<typeof changesPageSchema>;

/** What a platform did about an entry: never about whom. `dropped` confirms that a withdrawn entry is gone. */
export const answerSchema = z.strictObject({
  /** Made by the platform; the same id twice is one answer. */
  id: z.uuid(),
  entryId: z.uuid(),
  did: z.enum(["held", "blocked", "released", "dropped"]),
  at: instantSchema,
});
export type PlatformAnswer = z.infer<typeof answerSchema>;

/** POST /api/platform/answers */
export const answersSchema = z.strictObject({ answers: z.array(answerSchema).min(1).max(500) });
export const answersAcceptedSchema = z.strictObject({ accepted: z.int().min(0) });

/** Payload of a signed notice (use `notice`), the same by the platform API and as `jikim-notice.json` by mail. */
export const noticeSchema = z.strictObject({
  id: z.uuid(),
  centre: z.string(),
  recipient: z.string(),
  sentAt: instantSchema,
  places: z.array(z.string().max(2048)).min(1).max(250),
  fingerprints: z.array(fingerprintSchema).max(1000),
  letter: z.strictObject({ subject: z.string(), text: z.string() }),
});
export type WireNotice = z.infer<typeof noticeSchema>;

/**
 * Payload of a signed end of a notice (use `notice`): nothing more is asked and no answer is expected. It is no permission to
 * publish anything, and no request to undo what was done.
 */
export const noticeEndSchema = z.strictObject({
  /** Of the notice. */
  id: z.uuid(),
  endedAt: instantSchema,
  letter: z.strictObject({ subject: z.string(), text: z.string() }),
});
export type WireNoticeEnd = z.infer<typeof noticeEndSchema>;

/** `jikim-notice.json`, the attachment of a mailed notice: whoever has pinned the root can verify it without asking anyone. */
export const mailedNoticeSchema = z.strictObject({ certificate: signedSchema, notice: signedSchema });
export type MailedNotice = z.infer<typeof mailedNoticeSchema>;

/** GET /api/platform/notices?after= : notices to this platform and ends of earlier ones, oldest first, at most 50. */
export const noticesPageSchema = z.strictObject({
  certificate: signedSchema,
  notices: z.array(z.strictObject({ number: z.int().min(1), notice: signedSchema })).max(50),
});
export type NoticesPage = z.infer<typeof noticesPageSchema>;

/** POST /api/platform/notices/:id/answers */
export const noticeAnswerSchema = z.strictObject({
  answer: z.enum(["received", "removed", "refused", "needs-information", "not-ours"]),
  at: instantSchema,
});
export type NoticeAnswer = z.infer<typeof noticeAnswerSchema>;

/** Every error of every route. `message` is safe to show and says what to do. */
export const errorSchema = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) });
