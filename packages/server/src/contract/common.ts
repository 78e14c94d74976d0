import {
  ACTS,
  AGE_BANDS,
  ANSWERS,
  BASES,
  CANARIES,
  CHECK_OUTCOMES,
  CUSTODY_ACTS,
  HARMS,
  MARKS,
  PERIOD_STARTS,
  PLACE_STATES,
  ROLES,
  SIGHTS,
} from "@jikim/casework";
import { errorSchema, fingerprintSchema, instantSchema, signedSchema } from "@jikim/sdk/wire";
import { z } from "zod";

export { errorSchema, fingerprintSchema, instantSchema, signedSchema };

/** base64url without padding, as made by `base64urlnopad`. */
export const base64urlSchema = (mostBytes: number) =>
  z
    .string()
    .regex(/^[\w-]*$/)
    .max(Math.ceil((mostBytes * 4) / 3));
/** An age file. A sealed story is at most 128 KiB after padding. */
export const sealedSchema = base64urlSchema(160 * 1024);
export const recipientSchema = z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/);
export const publicKeySchema = z.string().regex(/^[0-9a-f]{64}$/);
/** 32 bytes derived from a return code. */
export const tokenSchema = z.string().regex(/^[\w-]{43}=?$/);
export const languageSchema = z.enum(["ko", "en"]);
export const textSchema = z.strictObject({ ko: z.string().max(4000), en: z.string().max(4000) });

export const roleSchema = z.enum(ROLES);
export const actSchema = z.enum(ACTS);
export const basisSchema = z.enum(BASES);
export const placeStateSchema = z.enum(PLACE_STATES);
export const outcomeSchema = z.enum(CHECK_OUTCOMES);
export const canarySchema = z.enum(CANARIES);
export const sightingSchema = z.strictObject({
  vantage: z.string(),
  country: z.string().nullable(),
  saw: z.enum(SIGHTS),
});
export const answerSchema = z.enum(ANSWERS);
export const placeAddressSchema = z.strictObject({ kind: z.enum(["url", "room"]), text: z.string().min(1).max(2048) });
export const codesSchema = z.strictObject({
  danger: z.boolean(),
  threat: z.boolean(),
  ageBand: z.enum(AGE_BANDS),
  harms: z.array(z.enum(HARMS)).max(HARMS.length),
});
export const withdrawalPlanSchema = z.enum(["at-once", "after-24-hours"]);

const legalSchema = z.strictObject({
  kind: z.literal("legal"),
  law: z.strictObject({ ko: z.string(), en: z.string() }),
  article: z.string(),
  from: z.enum(PERIOD_STARTS),
  source: z.string(),
  asOf: z.string(),
  mark: z.enum(MARKS),
});
/** A legal period, a target and a promise are different things. "without-delay" has no hours; none may be shown for it. */
export const clockSchema = z.union([
  legalSchema.extend({ length: z.literal("without-delay") }),
  legalSchema.extend({ length: z.enum(["hours", "days", "business-days"]), count: z.number() }),
  z.strictObject({ kind: z.literal("policy"), hours: z.number(), source: z.string(), asOf: z.string() }),
  z.strictObject({ kind: z.literal("promise"), hours: z.number() }),
]);

export const consentSchema = z.discriminatedUnion("state", [
  z.strictObject({ act: actSchema, state: z.literal("refused") }),
  z.strictObject({ act: actSchema, state: z.literal("given"), givenAt: instantSchema }),
  z.strictObject({
    act: actSchema,
    state: z.literal("withdrawing"),
    givenAt: instantSchema,
    effectiveAt: instantSchema,
  }),
  z.strictObject({ act: actSchema, state: z.literal("withdrawn"), withdrawnAt: instantSchema }),
]);

/** Kinds of sealed documents. `note` is for staff only; `answer` is a recipient's mail, sealed by the server when it came; `provenance` what a file on her device says of itself. Content shapes are the web's own (web/src/shared/documents.ts). */
export const documentKindSchema = z.enum(["story", "contact", "message", "note", "mandate", "answer", "provenance"]);
export const documentSchema = z.strictObject({
  id: z.uuid(),
  kind: documentKindSchema,
  by: z.enum(["survivor", "staff", "recipient"]),
  at: instantSchema,
  sealed: sealedSchema,
});
export type StoredDocument = z.infer<typeof documentSchema>;

/** A case key sealed to one holder: `survivor`, `recovery`, or a staff id. */
export const wrapSchema = z.strictObject({
  holder: z.union([z.enum(["survivor", "recovery"]), z.uuid()]),
  wrapped: base64urlSchema(4096),
});
export type Wrap = z.infer<typeof wrapSchema>;

/** One release of a case's data, as she may read it: roles and pseudonyms, never names. */
export const releaseSchema = z.strictObject({
  at: instantSchema,
  role: z.union([roleSchema, z.enum(["survivor", "platform", "unit", "server"])]),
  who: z.string(),
  what: z.enum([
    "opened",
    "wrote",
    "assigned",
    "listed",
    "withdrew",
    "notice-approved",
    "notice-sent",
    "code-replaced",
    "mandate-recorded",
    "closed",
    ...CUSTODY_ACTS.map((act) => `pack-${act}` as const),
    "erased",
  ]),
});
export type Release = z.infer<typeof releaseSchema>;

/** The key of a sealed file of the case (a pack, a chat), sealed to the case: `{ fileIdentity }`. */
export const fileKeySchema = z.strictObject({ id: z.uuid(), sealed: sealedSchema });
export type FileKey = z.infer<typeof fileKeySchema>;

/** A new case key and everything re-sealed to it, in one step: all of it takes effect, or nothing. */
export const rekeySchema = z.strictObject({
  fromVersion: z.int().min(1),
  caseRecipient: recipientSchema,
  wraps: z.array(wrapSchema).min(2).max(40),
  /** Every document of the case, no more and no less. */
  documents: z.array(z.strictObject({ id: z.uuid(), sealed: sealedSchema })).max(2000),
  /** The keys of all its sealed files; missing: it has none. */
  fileKeys: z.array(fileKeySchema).max(2000).optional(),
});
export type Rekey = z.infer<typeof rekeySchema>;

export const emptySchema = z.strictObject({});
export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
