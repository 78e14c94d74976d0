import { z } from "zod";
import {
  actSchema,
  answerSchema,
  base64urlSchema,
  canarySchema,
  codesSchema,
  consentSchema,
  documentSchema,
  fileKeySchema,
  fingerprintSchema,
  instantSchema,
  languageSchema,
  outcomeSchema,
  placeAddressSchema,
  placeStateSchema,
  publicKeySchema,
  recipientSchema,
  rekeySchema,
  releaseSchema,
  sealedSchema,
  signedSchema,
  textSchema,
  tokenSchema,
  withdrawalPlanSchema,
  wrapSchema,
} from "./common.ts";

/** GET /api/centre : what the portal needs before anything else. Keys are null until set-up is done (`open` false). */
export const centreSchema = z.strictObject({
  open: z.boolean(),
  /** closed: reports are still taken, and set aside until staff look at them in bulk. */
  gate: z.enum(["open", "closed"]),
  name: textSchema,
  contact: z.strictObject({ phone: z.string().max(60), mail: z.string().max(200), hours: textSchema }),
  /** What staff must pass on when a child is harmed; opens the page, before any question. */
  duty: textSchema,
  /** The offline root, hex; its fingerprint is printed on the survivors' leaflet. */
  root: publicKeySchema.nullable(),
  certificates: z.strictObject({
    service: signedSchema.nullable(),
    recovery: signedSchema.nullable(),
    intake: z.array(signedSchema),
  }),
});
export type Centre = z.infer<typeof centreSchema>;

/** POST /api/challenges */
export const challengeSchema = z.strictObject({
  seed: z.string().max(400),
  bits: z.int().min(0).max(24),
  parts: z.int().min(1).max(64),
  expiresAt: instantSchema,
});
/** A solved challenge; each can be spent once. */
export const effortSchema = z.strictObject({ seed: z.string().max(400), solution: z.array(z.int().min(0)).max(64) });

/** PUT, GET, DELETE /api/draft with header `Authorization: Draft <draftToken>`; PUT needs an effort. */
export const draftPutSchema = z.strictObject({ effort: effortSchema, sealed: sealedSchema });
export const draftSchema = z.strictObject({ sealed: sealedSchema, expiresAt: instantSchema });
export const draftSavedSchema = z.strictObject({ expiresAt: instantSchema });

/** POST /api/reports. The same `submissionId` and token again is the same case and the same receipt. */
export const reportSchema = z.strictObject({
  submissionId: z.uuid(),
  effort: effortSchema,
  token: tokenSchema,
  survivorRecipient: recipientSchema,
  caseRecipient: recipientSchema,
  /** To herself, the recovery key and every intake person that the centre shows. */
  wraps: z.array(wrapSchema).min(3).max(40),
  /** See evidence's `receiptCommitment`. */
  commitment: publicKeySchema,
  language: languageSchema,
  codes: codesSchema,
  items: z
    .array(
      z.strictObject({ kind: z.enum(["picture", "video"]), fingerprints: z.array(fingerprintSchema).min(1).max(32) }),
    )
    .max(100),
  places: z.array(placeAddressSchema).max(500),
  documents: z.array(z.strictObject({ id: z.uuid(), kind: z.enum(["story", "contact"]), sealed: sealedSchema })).max(2),
  consents: z.strictObject({ remove: z.boolean(), share: z.boolean(), police: z.boolean(), statistics: z.boolean() }),
  withdrawalPlan: withdrawalPlanSchema,
  /** Off by default and named on screen: an address the running server can read, and the neutral words it may send there. */
  notify: z.strictObject({ mail: z.email().max(254), text: z.string().min(1).max(300) }).nullable(),
});
export type Report = z.infer<typeof reportSchema>;
export const reportAcceptedSchema = z.strictObject({ receipt: signedSchema });

/** Everything below: header `Authorization: Return <token>`. A wrong code answers 404 CODE_UNKNOWN. */
/** GET /api/my/case */
export const myCaseSchema = z.strictObject({
  id: z.uuid(),
  receivedAt: instantSchema,
  state: z.enum(["received", "open", "set-aside", "closed"]),
  keyVersion: z.int().min(1),
  caseRecipient: recipientSchema,
  wrapped: base64urlSchema(4096),
  /** Certificates of the staff who hold the case key now. */
  holders: z.array(signedSchema),
  withdrawalPlan: withdrawalPlanSchema,
  hasMandate: z.boolean(),
  /** The whole case was erased, or is about to be: then nothing can be added. What stays on the list stands in `items`. */
  erasure: z.strictObject({ by: instantSchema, done: z.boolean() }).nullable(),
  consents: z.array(consentSchema),
  items: z.array(
    z.strictObject({
      number: z.int(),
      kind: z.enum(["picture", "video"]),
      /** null: not on the list. platforms: how many follow the list; confirmed: how many confirmed a withdrawal. */
      listed: z
        .strictObject({
          state: z.enum(["active", "withdrawn"]),
          since: instantSchema,
          stopped: z.int(),
          platforms: z.int(),
          confirmed: z.int(),
        })
        .nullable(),
    }),
  ),
  places: z.array(
    z.strictObject({
      id: z.uuid(),
      number: z.int(),
      address: placeAddressSchema,
      state: placeStateSchema,
      /** What staff or the watch named is shown once her mandate is checked. */
      namedBy: z.enum(["survivor", "staff", "watch"]),
      /** Why the link may be unique to her: it is fetched only when she (POST /api/my/fetches) and a caseworker said yes. */
      canary: canarySchema.nullable(),
      fetchYes: z.strictObject({ survivor: z.boolean(), staff: z.boolean() }),
      asked: z.array(z.strictObject({ recipient: z.string(), sentAt: instantSchema, answer: answerSchema.nullable() })),
      lastCheck: z.strictObject({ at: instantSchema, outcome: outcomeSchema }).nullable(),
    }),
  ),
  documents: z.array(documentSchema),
  fileKeys: z.array(fileKeySchema),
  releases: z.array(releaseSchema),
});
export type MyCase = z.infer<typeof myCaseSchema>;

/**
 * GET /api/my/log : what the log sealed about her case. Body and salt are what the leaf commits to, and `proof` (C2SP tlog-proof) ends in
 * the checkpoint that the centre's service key signed; null until the entry has its place.
 */
export const myLogSchema = z.strictObject({
  entries: z.array(
    z.strictObject({ body: z.string(), salt: z.string().regex(/^[0-9a-f]{32}$/), proof: z.string().nullable() }),
  ),
  /** Places in the log of entries whose rows were altered and cannot be read; null: it has none yet. */
  damaged: z.array(z.int().nullable()),
});
export type MyLog = z.infer<typeof myLogSchema>;

/** POST /api/my/messages : idempotent by id; 409 KEY_CHANGED when `keyVersion` is old: seal again. */
export const messageSchema = z.strictObject({ id: z.uuid(), keyVersion: z.int().min(1), sealed: sealedSchema });
/** POST /api/my/places */
export const placesSchema = z.strictObject({ places: z.array(placeAddressSchema).min(1).max(100) });
/** POST /api/my/consents */
export const consentChangeSchema = z.strictObject({ act: actSchema, change: z.enum(["give", "withdraw"]) });
export const consentsSchema = z.strictObject({ consents: z.array(consentSchema) });
/** POST /api/my/code : the old code dies and the case key rotates. */
export const codeReplacementSchema = z.strictObject({
  token: tokenSchema,
  survivorRecipient: recipientSchema,
  rekey: rekeySchema,
  /** What of her chats is sealed to her code alone (`hers`), for the new one; missing: she sent none. */
  chats: z.array(fileKeySchema).max(200).optional(),
});
