import { CUSTODY_ACTS, LEGAL_STATUSES, MARKS, REFERRAL_GROUNDS, UNIT_KINDS } from "@jikim/casework";
import { z } from "zod";
import { instantSchema, recipientSchema, roleSchema, signedSchema, textSchema } from "./common.ts";

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const lineSchema = z.string().trim().min(1).max(200);
/** Standard base64, as `btoa` writes it. */
const base64Schema = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** Whom a pack is for. `recipient`: the unit's age key; null: the browser made one, handed over by another way than the link. */
export const unitSchema = z.strictObject({
  kind: z.enum(UNIT_KINDS),
  name: lineSchema,
  recipient: recipientSchema.nullable(),
  /** Where it is told of a withdrawal; null: staff tell it. */
  mail: z.email().max(254).nullable(),
});
export type Unit = z.infer<typeof unitSchema>;

/**
 * On what a case's evidence is given away. consent: her live `police` consent, for police and court · agreed: her yes to this very unit,
 * kept in a sealed document of the case, for any unit · law: a named ground that needs no consent (casework's REFERRAL_GROUNDS).
 */
export const packGroundSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("consent") }),
  z.strictObject({ kind: z.literal("agreed"), documentId: z.uuid() }),
  /** `reference`: number of the paper, where the ground needs one. */
  z.strictObject({ kind: z.literal("law"), id: z.enum(REFERRAL_GROUNDS), reference: lineSchema.nullable() }),
]);
export type PackGround = z.infer<typeof packGroundSchema>;

/** Below `data/exhibits/N/`, as evidence's `exhibitPath` gives it. */
const exhibitPathSchema = z
  .string()
  .max(200)
  .regex(/^data\/exhibits\/[1-9]\d{0,3}(\/[\w][\w.-]{0,80}){1,4}$/);
/** The key of what exhibit N kept, where that goes along. */
const keptKeyPathSchema = z.string().regex(/^data\/kept-keys\/[1-9]\d{0,3}\.txt$/);
/** Document N of marks, as evidence's `marksPath` gives it. */
const marksPathSchema = z.string().regex(/^data\/marks\/[1-9]\d{0,2}\.(json|txt)$/);
const fileSchema = z.strictObject({
  path: z.union([exhibitPathSchema, keptKeyPathSchema, marksPathSchema]),
  type: z.string().max(100),
  bytes: z.int().min(0),
  sha256: hashSchema,
  sha512: z.string().regex(/^[0-9a-f]{128}$/),
});

const orderedExhibitSchema = z.strictObject({
  /** packId of a capture, or id of a chat. */
  packId: z.uuid(),
  kind: z.enum(["capture", "chat"]),
  exhibit: lineSchema,
  /** Page, room, or name of the chat, for the report; null when it is not to be said. */
  about: z.string().max(2048).nullable(),
  /** SHA-256 of its own `seal/manifest.json`. A chat is sealed first: `POST …/chats/:chatId/seal`. */
  digest: hashSchema,
  messages: z.strictObject({ shown: z.int().min(0), leftOut: z.int().min(0) }).nullable(),
});

/**
 * POST /api/desk/cases/:id/packs (a holder of the case) : asks the server to seal what the browser put together. The same order again answers the
 * same; PACK_SEALED once its ciphertext lies here. Files lie below `data/exhibits/…`; the server adds its own after them (`added`).
 */
export const packOrderSchema = z.strictObject({
  packId: z.uuid(),
  exhibit: lineSchema,
  unit: unitSchema,
  ground: packGroundSchema,
  /** In words, for the manifest and the report. */
  legalBasis: lineSchema,
  authorityId: z.uuid().nullable(),
  mode: z.enum(["hash-and-discard", "keep-matching", "export"]),
  /** Packs and chats of this case that are nested in it, number 1 first; each gets `copied` in its custody. */
  exhibits: z.array(orderedExhibitSchema).max(200),
  /** From the first capture to the last. */
  startedAt: instantSchema,
  endedAt: instantSchema,
  zone: z.string().max(60),
  files: z.array(fileSchema).min(1).max(9_900),
  notStored: z
    .array(
      z.strictObject({
        address: z.string().max(4096),
        type: z.string().max(100),
        bytes: z.int().min(0),
        sha256: hashSchema,
        why: z.enum(["media", "disguised-media", "not-text", "too-large", "not-chosen"]),
      }),
    )
    .max(20_000),
  gaps: z.array(z.strictObject({ address: z.string().max(4096), why: z.string().max(2000) })).max(20_000),
  /** Bodies that its captures kept and that do not go along: all of them, unless `kept` says otherwise. As evidence's `leftOutOf` gives them. */
  leftOut: z
    .array(
      z.strictObject({
        exhibit: z.int().min(1).max(200),
        path: z.string().regex(/^data\/kept\/[1-9]\d{0,3}\.age$/),
        bytes: z.int().min(0),
        sha256: hashSchema,
      }),
    )
    .max(9_900)
    .default([]),
  /** Chosen for itself, and for police or prosecutors alone: what was kept goes along, with its keys. `under`: legal basis or authority. */
  kept: z.strictObject({ under: lineSchema }).nullable().default(null),
  /** Documents of kind `provenance` that go along as `data/marks/N.json` and `N.txt`, number 1 first; what they say the server is not told. */
  marks: z
    .array(z.strictObject({ documentId: z.uuid(), item: z.int().min(1).nullable() }))
    .max(200)
    .default([]),
});
export type PackOrder = z.infer<typeof packOrderSchema>;

/**
 * POST /api/desk/cases/:id/chats/:chatId/seal : seals a chat as an exhibit, so that it has a signed manifest like a capture; its vouching is at
 * `/api/desk/packs/:chatId/vouching`. Sealed once: again answers the same. `sha256` must be the digest that she sent (EXHIBIT_CHANGED).
 */
export const chatSealPostSchema = z.strictObject({
  exhibit: lineSchema,
  /** Of `chat.json` without the spaces. */
  bytes: z.int().min(1),
  sha256: hashSchema,
  sha512: z.string().regex(/^[0-9a-f]{128}$/),
});
/** `text`, `signature`, `certificate`, `publicKey` as below. */
export const chatSealSchema = z.strictObject({
  text: z.string(),
  signature: base64Schema,
  certificate: signedSchema.nullable(),
  publicKey: hashSchema,
});

/** What the browser writes the pack with: `text`, `signature`, `certificate`, `publicKey` of evidence's SealedManifest. */
export const sealedPackSchema = z.strictObject({
  packId: z.uuid(),
  /** The exact text that was signed; `JSON.parse` gives the manifest, whose files are the order's and then `added`, in this order. */
  text: z.string(),
  signature: base64Schema,
  certificate: signedSchema.nullable(),
  publicKey: hashSchema,
  /** The exhibits' custody so far, the report in Korean and English (PDF) and the CASE graph, made here; to be written after the order's own files. */
  added: z.array(z.strictObject({ path: z.string(), type: z.string(), content: base64Schema })),
});
export type SealedPack = z.infer<typeof sealedPackSchema>;

/** off: no authority is set · waiting: sealed now, to be stamped later · stamped. `trouble`: why the last try failed. */
export const stampSchema = z.strictObject({
  state: z.enum(["off", "waiting", "stamped"]),
  at: instantSchema.nullable(),
  trouble: z.string().nullable(),
});

/**
 * GET /api/desk/packs/:id/vouching : of any pack of a case one holds, captures and chats too; evidence's Vouching. `log` is null until the entry
 * has its place (some seconds); ask again.
 */
export const vouchingSchema = z.strictObject({
  timestamp: base64Schema.nullable(),
  stamp: stampSchema,
  log: z.strictObject({ body: z.string(), salt: z.string().regex(/^[0-9a-f]{32}$/), proof: z.string() }).nullable(),
});
export type PackVouching = z.infer<typeof vouchingSchema>;

/** GET /api/desk/timestamps (all staff). `authority`: host of the one that is set; null: none is. `waiting`: seals without a stamp. */
export const timestampsSchema = z.strictObject({ authority: z.string().nullable(), waiting: z.int() });

/** PUT /api/desk/packs/:id/sealed (application/octet-stream, an age file). GET gives it back. The same bytes again answer the same. */
export const sealedUploadSchema = z.strictObject({ bytes: z.int(), sha256: hashSchema });

/** Somebody outside, and when it says that it acted. */
const outsideSchema = z.strictObject({ unit: z.enum(UNIT_KINDS), at: instantSchema });

/** One act on a pack. `who`: a pseudonym, or the kind of unit; never a name. */
export const custodySchema = z.strictObject({
  packId: z.uuid(),
  did: z.enum(CUSTODY_ACTS),
  at: instantSchema,
  role: z.union([roleSchema, z.enum(["survivor", "platform", "unit", "server"])]),
  who: z.string(),
  /** What more there is to say, such as whom a pack was sent to. */
  note: z.string().nullable(),
  /** Who says that it did so, and when, where a person of the centre only wrote it down. */
  outside: outsideSchema.nullable(),
  /** Its place in the centre's log; null until it has one (some seconds). */
  entry: z.int().nullable(),
});
export type Custody = z.infer<typeof custodySchema>;
/** GET /api/desk/cases/:id/custody?packId= : newest first. */
export const custodyQuerySchema = z.strictObject({ packId: z.uuid().optional() });
export const custodyListSchema = z.strictObject({
  custody: z.array(custodySchema),
  /** Places in the log of entries whose rows were altered since and cannot be read; null: it has none yet. Their leaves are in the log. */
  damaged: z.array(z.int().nullable()),
});
export type CustodyList = z.infer<typeof custodyListSchema>;
/** What can be written down of what happened outside the server. */
const OUTSIDE_ACTS = ["opened", "copied", "sent", "verified", "destroyed"] as const;
/**
 * POST /api/desk/packs/:id/custody : what was done outside the server, such as a copy on a stick, or a verification; with `outside`, what somebody
 * else says that it did, not later than now; what we destroyed ourselves is no such act. The note lies in plain: no name, no address.
 */
export const custodyPostSchema = z.strictObject({
  did: z.enum(OUTSIDE_ACTS),
  note: z.string().trim().max(200).nullable(),
  outside: outsideSchema.nullable().default(null),
});
export type CustodyPost = z.infer<typeof custodyPostSchema>;

const receiptSchema = z.strictObject({ number: z.string(), who: z.string(), at: instantSchema });
/** A link for a unit. open: nobody came yet · taken: the bytes left, and cannot be called back · withdrawn and expired links are dead. */
export const referralSchema = z.strictObject({
  id: z.uuid(),
  packId: z.uuid(),
  state: z.enum(["open", "taken", "withdrawn", "expired"]),
  madeAt: instantSchema,
  expiresAt: instantSchema,
  takenAt: instantSchema.nullable(),
  /** How often it was fetched. */
  fetches: z.int(),
  receipt: receiptSchema.nullable(),
  /** told: by mail, or a person said so. by-hand: it took the pack, and a person must tell it that it was withdrawn. */
  told: z.enum(["not-needed", "waiting", "by-hand", "told"]),
  /** The words for a unit that must be told; null while none must. */
  text: textSchema.nullable(),
});
export type Referral = z.infer<typeof referralSchema>;

/** GET /api/desk/cases/:id/packs : delivery packs, newest first. ordered: signed, its ciphertext has not come. */
export const packRowSchema = z.strictObject({
  packId: z.uuid(),
  exhibit: z.string(),
  state: z.enum(["ordered", "sealed", "withdrawn", "erased"]),
  unit: unitSchema,
  ground: packGroundSchema,
  legalBasis: z.string(),
  orderedAt: instantSchema,
  by: z.string(),
  sealed: z.strictObject({ bytes: z.int(), sha256: hashSchema, at: instantSchema }).nullable(),
  stamp: stampSchema,
  /** Bodies that its captures kept: how many were left out, and how many went along. */
  kept: z.strictObject({ leftOut: z.int(), handed: z.int() }),
  referrals: z.array(referralSchema),
});
export type PackRow = z.infer<typeof packRowSchema>;
export const packListSchema = z.strictObject({
  packs: z.array(packRowSchema),
  /** Grounds that need no consent, with their law; `open` says whether the rule lets this case use it. */
  grounds: z.array(
    z.strictObject({
      id: z.enum(REFERRAL_GROUNDS),
      law: textSchema,
      article: z.string(),
      source: z.string(),
      asOf: z.string(),
      mark: z.enum(MARKS),
      units: z.array(z.enum(UNIT_KINDS)),
      needsReference: z.boolean(),
      open: z.boolean(),
    }),
  ),
});

/** POST /api/desk/packs/:id/referrals : the link is shown once and kept nowhere. */
export const referralPostSchema = z.strictObject({ days: z.int().min(1).max(30).default(14) });
export const referralMadeSchema = z.strictObject({ id: z.uuid(), link: z.url(), expiresAt: instantSchema });
/** POST /api/desk/referrals/:id/receipt : what the unit said when it was handed over some other way. */
export const receiptPostSchema = z.strictObject({ number: lineSchema, who: lineSchema });
/** POST /api/desk/packs/:id/withdraw : kills links, erases what was not taken. POST /api/desk/referrals/:id/told : a person told the unit. */
export const withdrawnSchema = z.strictObject({
  erased: z.boolean(),
  /** Who has it and must be told, with the words prepared. */
  taken: z.array(z.strictObject({ referralId: z.uuid(), unit: unitSchema, text: textSchema })),
});

/** GET /api/take with header `Authorization: Take <token>` (page: `/take/#<token>`). A wrong token answers 404, a dead one 410 LINK_EXPIRED. */
export const takeSchema = z.strictObject({
  centre: textSchema,
  unit: z.strictObject({ kind: z.enum(UNIT_KINDS), name: z.string() }),
  packId: z.uuid(),
  bytes: z.int(),
  sha256: hashSchema,
  expiresAt: instantSchema,
  takenAt: instantSchema.nullable(),
  receipt: receiptSchema.nullable(),
  /** Came after the pack was written: belongs in its `seal/timestamp.tsr`. */
  timestamp: base64Schema.nullable(),
  /** The centre's root, for whoever compares it with the leaflet. */
  root: hashSchema.nullable(),
});
export type Take = z.infer<typeof takeSchema>;
/** GET /api/take/sealed streams the age file; the first fetch is the taking. POST /api/take/receipt */
export const takeReceiptSchema = z.strictObject({ number: lineSchema, who: lineSchema });

/** GET, PUT /api/desk/retention (admin writes, all staff read). `source`: on what paper the status rests. */
export const retentionSettingSchema = z.strictObject({
  status: z.enum(LEGAL_STATUSES).nullable(),
  source: z.string().trim().max(400),
  /** Days after closing, where no statute sets a period; the centre's own rule. */
  ownDays: z.int().min(1).max(3650),
});
export type RetentionSetting = z.infer<typeof retentionSettingSchema>;

/** GET /api/desk/cases/:id/retention. eraseAt is null for an open case, a permanent record, and where the status was not recorded. */
export const caseRetentionSchema = z.strictObject({
  rule: z
    .strictObject({
      id: z.string(),
      law: textSchema,
      article: z.string(),
      source: z.string(),
      asOf: z.string(),
      mark: z.enum(MARKS),
      keep: z.union([z.literal("permanent"), z.strictObject({ years: z.int() }), z.strictObject({ days: z.int() })]),
      why: textSchema,
    })
    .nullable(),
  closedAt: instantSchema.nullable(),
  eraseAt: instantSchema.nullable(),
  /** Whether it may be destroyed at once on her request, and if not, why. */
  onRequest: z.strictObject({ allowed: z.boolean(), why: textSchema }),
  /** Age not known: `statedAdult` lets her request count. */
  ageUnknown: z.boolean(),
  backups: textSchema,
  /** When the evidence was erased. */
  erasedAt: instantSchema.nullable(),
  /** The whole case is being erased: when at the latest. */
  caseErasedBy: instantSchema.nullable(),
});
export type CaseRetention = z.infer<typeof caseRetentionSchema>;
/**
 * POST /api/desk/cases/:id/erase : she asked. evidence: removal goes on · case: everything; what she agreed to is taken back, who was asked is
 * told, then it goes. `statedAdult`: she said that she is 19 or older, where the report left it open.
 */
export const erasePostSchema = z.strictObject({ what: z.enum(["evidence", "case"]), statedAdult: z.boolean() });
