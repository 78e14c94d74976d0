import { CASE_STATES, JURISDICTIONS, NEXT_ACTS, SENDER_KINDS, STATEMENTS } from "@jikim/casework";
import { z } from "zod";
import {
  base64urlSchema,
  basisSchema,
  canarySchema,
  clockSchema,
  codesSchema,
  consentSchema,
  documentKindSchema,
  documentSchema,
  fileKeySchema,
  instantSchema,
  languageSchema,
  outcomeSchema,
  placeAddressSchema,
  placeStateSchema,
  publicKeySchema,
  recipientSchema,
  rekeySchema,
  releaseSchema,
  roleSchema,
  sealedSchema,
  sightingSchema,
  signedSchema,
  textSchema,
  withdrawalPlanSchema,
} from "./common.ts";
import { noticeSchema } from "./notices.ts";

export * from "./due.ts";
export * from "./laws.ts";
export * from "./mail.ts";
export * from "./notices.ts";
export * from "./platforms.ts";
export * from "./policies.ts";
export * from "./recipients.ts";
export * from "./results.ts";

/** Every desk route: session cookie, and header `x-jikim: desk` on anything that changes (CSRF). */
export const nextSchema = z.strictObject({
  act: z.enum(NEXT_ACTS),
  clock: clockSchema.nullable(),
  dueAt: instantSchema.nullable(),
});
const staffNameSchema = z.strictObject({ staffId: z.uuid(), pseudonym: z.string() });
export const flagsSchema = z.strictObject({
  danger: z.boolean(),
  threat: z.boolean(),
  minor: z.boolean(),
  policeHold: z.boolean(),
});

export const queueRowSchema = z.strictObject({
  id: z.uuid(),
  /** Running number within the centre, for talking about a case. */
  number: z.int(),
  state: z.enum(CASE_STATES),
  receivedAt: instantSchema,
  language: languageSchema,
  flags: flagsSchema,
  next: nextSchema,
  assignedTo: staffNameSchema.nullable(),
  counts: z.strictObject({
    items: z.int(),
    places: z.int(),
    openPlaces: z.int(),
    removedPlaces: z.int(),
    /** Messages of hers that nobody answered. */
    unanswered: z.int(),
  }),
});
export type QueueRow = z.infer<typeof queueRowSchema>;

/** GET /api/desk/cases?cursor=&limit=&lane=queue|mine|set-aside|closed : by due time, then age. */
export const queueQuerySchema = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  lane: z.enum(["queue", "mine", "set-aside", "closed"]).default("queue"),
});
export const queueSchema = z.strictObject({ rows: z.array(queueRowSchema), next: z.string().nullable() });
export type Queue = z.infer<typeof queueSchema>;

/** GET /api/desk/cases/lookup?number= : the case with this number; null when there is none, or she does not hold its key. */
export const caseLookupQuerySchema = z.strictObject({ number: z.coerce.number().int().min(1).max(2_147_483_647) });
export const caseLookupSchema = z.strictObject({ id: z.uuid().nullable() });
export type CaseLookup = z.infer<typeof caseLookupSchema>;

export const itemSchema = z.strictObject({
  id: z.uuid(),
  number: z.int(),
  kind: z.enum(["picture", "video"]),
  /** Short name of its first fingerprint; never a picture. */
  shortName: z.string(),
  fingerprints: z.int(),
  quality: z.int(),
  entry: z
    .strictObject({
      id: z.uuid(),
      state: z.enum(["active", "withdrawn"]),
      basis: basisSchema,
      effect: z.enum(["hold", "block"]),
      disputed: z.boolean(),
      since: instantSchema,
      /** Platforms' answers so far. */
      answers: z.array(
        z.strictObject({
          platform: z.string(),
          did: z.enum(["held", "blocked", "released", "dropped"]),
          count: z.int(),
          lastAt: instantSchema,
        }),
      ),
    })
    .nullable(),
});
export type Item = z.infer<typeof itemSchema>;

export const placeSchema = z.strictObject({
  id: z.uuid(),
  number: z.int(),
  address: placeAddressSchema,
  state: placeStateSchema,
  namedBy: z.enum(["survivor", "staff", "watch"]),
  /** Why the link may be unique to her; then it is fetched only when she and a caseworker said yes. */
  canary: canarySchema.nullable(),
  fetchYes: z.strictObject({ survivor: z.boolean(), staff: z.boolean() }),
  /** What was said about opening it, beside a yes: when she was last asked, and whose last word was no. */
  link: z.strictObject({
    askedAt: instantSchema.nullable(),
    refused: z.strictObject({ survivor: z.boolean(), staff: z.boolean() }),
  }),
  checks: z.array(
    z.strictObject({
      at: instantSchema,
      outcome: outcomeSchema,
      /** What each vantage saw, with its country when that is known. */
      vantages: z.array(sightingSchema),
      /** Countries that could not see it. */
      blockedIn: z.array(z.string()),
      robots: z.enum(["allowed", "disallowed", "none", "unknown"]).nullable(),
      nextAt: instantSchema.nullable(),
    }),
  ),
});
export type Place = z.infer<typeof placeSchema>;

const byWhatSchema = z.enum(["talk", "documents"]);
const statementsSchema = z.array(z.enum(STATEMENTS)).max(STATEMENTS.length);
/** Hers alone, to be given only with the statement "name-may-be-given". */
const nameSchema = z.string().trim().min(1).max(200);
export const recordedStatementSchema = z.strictObject({
  what: z.enum(STATEMENTS),
  by: byWhatSchema,
  at: instantSchema,
});

/** GET /api/desk/cases/:id : writes a release. Only holders of the case key are answered. */
export const caseSchema = queueRowSchema.extend({
  keyVersion: z.int().min(1),
  caseRecipient: recipientSchema,
  survivorRecipient: recipientSchema,
  wrapped: base64urlSchema(4096),
  codes: codesSchema,
  withdrawalPlan: withdrawalPlanSchema,
  consents: z.array(consentSchema),
  mandate: z.strictObject({ by: byWhatSchema, recordedAt: instantSchema, recordedBy: z.string() }).nullable(),
  /** What she stated; declarations in notices stand on these. */
  statements: z.array(recordedStatementSchema),
  /** A name that she lets notices give; null: none is given. */
  nameInNotices: z.string().nullable(),
  safeContactWaiting: z.boolean(),
  documents: z.array(documentSchema),
  fileKeys: z.array(fileKeySchema),
  items: z.array(itemSchema),
  places: z.array(placeSchema),
  notices: z.array(noticeSchema),
  releases: z.array(releaseSchema),
});
export type Case = z.infer<typeof caseSchema>;

/** POST /api/desk/cases/:id/rekey : assignment to caseworkers (or to fewer or other holders); all re-sealed in the browser. */
export const assignSchema = z.strictObject({ assignTo: z.uuid(), rekey: rekeySchema });
export type Assignment = z.infer<typeof assignSchema>;
/** POST /api/desk/cases/:id/close, with an empty body: what has not left is stopped; watching goes on, and what comes back opens the case again. */
/** POST /api/desk/cases/:id/documents : message to her, staff note; idempotent by id. */
export const documentPostSchema = z.strictObject({
  id: z.uuid(),
  kind: documentKindSchema.extract(["message", "note"]),
  keyVersion: z.int().min(1),
  sealed: sealedSchema,
});
export type DocumentPost = z.infer<typeof documentPostSchema>;
/**
 * POST /api/desk/cases/:id/link-questions : asks her, by a message, whether links that may be unique to her are opened. It is the
 * caseworker's yes to each; idempotent by the document's id.
 */
export const linkQuestionSchema = z.strictObject({
  places: z.array(z.uuid()).min(1).max(500),
  document: z.strictObject({ id: z.uuid(), keyVersion: z.int().min(1), sealed: sealedSchema }),
});
/** POST /api/desk/cases/:id/mandate : how entitlement was established, by talk or documents, never by viewing; her statement is sealed. */
export const mandatePostSchema = z.strictObject({
  by: byWhatSchema,
  /** What she stated then. Left out: nothing more than the mandate itself. */
  statements: statementsSchema.optional(),
  name: nameSchema.optional(),
  document: z.strictObject({ id: z.uuid(), keyVersion: z.int().min(1), sealed: sealedSchema }),
});
/** POST /api/desk/cases/:id/statements : what she stated later, or took back. Drafts are written anew. */
export const statementsPostSchema = z.strictObject({
  by: byWhatSchema,
  add: statementsSchema,
  retract: statementsSchema,
  name: nameSchema.optional(),
});
export type StatementsPost = z.infer<typeof statementsPostSchema>;
/** POST /api/desk/cases/:id/flags */
export const flagsPostSchema = z.strictObject({
  danger: z.boolean().optional(),
  threat: z.boolean().optional(),
  policeHold: z.boolean().optional(),
  safeContactTold: z.literal(true).optional(),
});
/** POST /api/desk/cases/:id/entries */
export const entriesPostSchema = z.strictObject({
  items: z.array(z.uuid()).min(1).max(100),
  basis: basisSchema,
  reference: z.string().trim().max(200).nullable(),
});
export type EntriesPost = z.infer<typeof entriesPostSchema>;
/** POST /api/desk/entries/:id : withdraw it, or set or settle a dispute. */
export const entryChangeSchema = z.strictObject({ change: z.enum(["withdraw", "dispute", "settle"]) });
/** POST /api/desk/cases/:id/places */
export const placesPostSchema = z.strictObject({ places: z.array(placeAddressSchema).min(1).max(500) });
/** POST /api/desk/places/:id/checks : looks now (202); the result is in the case. */
export const acceptedSchema = z.strictObject({ accepted: z.literal(true) });

/** GET /api/desk/staff */
export const staffSchema = z.strictObject({
  id: z.uuid(),
  pseudonym: z.string().nullable(),
  roles: z.array(roleSchema),
  /** invited: link not used yet · waiting: key not signed by the root yet · active · left. */
  state: z.enum(["invited", "waiting", "active", "left"]),
  key: z.strictObject({ recipient: recipientSchema, verifyKey: publicKeySchema }).nullable(),
  certificate: signedSchema.nullable(),
  /** Supervisors who approved the enrolment. Two are needed, or all there are when there are fewer. */
  approvedBy: z.array(z.uuid()),
});
export type StaffMember = z.infer<typeof staffSchema>;
/** POST /api/desk/staff (admin): a one-time link. */
export const invitePostSchema = z.strictObject({ roles: z.array(roleSchema).min(1) });
export const invitedSchema = z.strictObject({ staffId: z.uuid(), path: z.string(), expiresAt: instantSchema });
export type Invited = z.infer<typeof invitedSchema>;
/** POST /api/desk/staff/:id : approve (supervisor), certify (a certificate signed offline or with the root typed in her browser), leave (admin). */
export const staffChangeSchema = z.discriminatedUnion("change", [
  z.strictObject({ change: z.literal("approve") }),
  z.strictObject({ change: z.literal("certify"), certificate: signedSchema }),
  z.strictObject({ change: z.literal("leave") }),
]);

/** GET, PUT /api/desk/centre (admin; the gate by supervisors at /api/desk/gate). */
export const centrePutSchema = z.strictObject({
  name: textSchema,
  contact: z.strictObject({ phone: z.string().max(60), mail: z.string().max(200), hours: textSchema }),
  duty: textSchema,
  /** Reference of counsel's opinion that lets checks fetch media at places of minors; null: none is fetched there. */
  counselOpinion: z.string().max(300).nullable(),
  /** What the centre is in the eyes of the law, which decides where it may ask in its own right. Left out of a PUT: as before. */
  senderKind: z.enum(SENDER_KINDS).optional(),
  /** Who signs notices for the centre, as a recipient reads it; null: nobody yet. Left out of a PUT: as before. */
  signer: z.string().trim().min(1).max(200).nullable().optional(),
  /** Where the centre is: its day, its authorities, the laws it looks after. Left out of a PUT: as before; at first Korea. */
  home: z.enum(JURISDICTIONS).optional(),
  mostReportsAnHour: z.int().min(1).max(100_000),
});
export type CentreTexts = z.infer<typeof centrePutSchema>;
/** POST /api/desk/gate (supervisor) */
export const gatePostSchema = z.strictObject({ gate: z.enum(["open", "closed"]) });
/** POST /api/desk/set-aside (supervisor): in bulk, one step; `before`/`after` bound the time of receipt. */
export const setAsidePostSchema = z.strictObject({
  change: z.enum(["reopen", "close", "set-aside"]),
  after: instantSchema,
  before: instantSchema,
});
export const changedSchema = z.strictObject({ changed: z.int() });
