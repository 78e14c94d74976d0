import { CONFIRMABLE_CLASSES, MAIL_CLASSES } from "@jikim/casework";
import { z } from "zod";
import { base64urlSchema, documentSchema, instantSchema, sealedSchema } from "./common.ts";

const classSchema = z.enum(MAIL_CLASSES);
const confirmableSchema = z.enum(CONFIRMABLE_CLASSES);

/** A mail that came: what it seems to be and by which rule (casework's MAIL_RULES). Its words are sealed to the case. */
export const mailSchema = z.strictObject({
  id: z.uuid(),
  /** unsorted: of no notice yet · waiting: its class is a guess that nobody confirmed · settled. */
  state: z.enum(["unsorted", "waiting", "settled"]),
  class: classSchema,
  rule: z.string(),
  /** Whether somebody should read it soon. */
  pressing: z.boolean(),
  /** Whether its class is plain enough to be confirmed together with others. */
  sure: z.boolean(),
  receivedAt: instantSchema,
  /** How its notice was found: by the address it came to, what it replies to, an id in its words, or by a person. */
  foundBy: z.enum(["address", "reference", "text", "hand"]).nullable(),
  notice: z.strictObject({ id: z.uuid(), caseId: z.uuid(), caseNumber: z.int(), recipient: z.string() }).nullable(),
  /** Of the case's documents, the one that holds its words. */
  documentId: z.uuid().nullable(),
  /** `by`: a pseudonym; null: nobody needed to. */
  settled: z.strictObject({ as: classSchema, at: instantSchema, by: z.string().nullable() }).nullable(),
});
export type Mail = z.infer<typeof mailSchema>;

/**
 * GET /api/desk/mail?lane=waiting|unsorted&cursor=&limit= : oldest first; of waiting mail that of cases whose key she holds.
 * GET /api/desk/cases/:id/mail : all of a case, oldest first.
 */
export const mailQuerySchema = z.strictObject({
  lane: z.enum(["waiting", "unsorted"]).default("waiting"),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const mailPageSchema = z.strictObject({ rows: z.array(mailSchema), next: z.string().nullable() });
export const caseMailSchema = z.strictObject({ rows: z.array(mailSchema) });

/** Of files only type, length in bytes and SHA-256 are left. */
export const mailContentSchema = z.strictObject({
  from: z.string(),
  subject: z.string(),
  text: z.string(),
  /** The words that gave it its class; empty when none did. */
  phrase: z.string(),
  /** Longer than what was kept, or not all of it could be read. */
  cut: z.boolean(),
  parts: z.array(z.strictObject({ type: z.string(), bytes: z.int(), sha256: z.string() })),
});
/** GET /api/desk/mail/:id : words of unsorted mail as they are; of an answer as its sealed document, with the case key as sealed to her. */
export const openMailSchema = z.strictObject({
  mail: mailSchema,
  content: mailContentSchema.nullable(),
  sealed: z.strictObject({ document: documentSchema, wrapped: base64urlSchema(4096) }).nullable(),
});
export type OpenMail = z.infer<typeof openMailSchema>;

/** POST /api/desk/mail/:id/confirm : what it is; an answer is recorded with the time the mail came. */
export const mailConfirmSchema = z.strictObject({ class: confirmableSchema });
/**
 * POST /api/desk/mail/confirm : one key for several that the rules are sure of, and that she sees line by line. All are hers and sure,
 * or nothing is recorded. Answers with those that were recorded, and with those that were overtaken meanwhile, which are as they were.
 */
export const mailsConfirmSchema = z.strictObject({
  class: confirmableSchema,
  mails: z.array(z.uuid()).min(1).max(200),
});
/** Why a mail was left as it is: it was dealt with or moved · its notice has an answer that this one cannot follow · it is not out (any more). */
const LEFT_REASONS = ["MAIL_SETTLED", "NOTICE_ANSWERED", "NOTICE_NOT_SENT"] as const;
export const mailsConfirmedSchema = z.strictObject({
  confirmed: z.array(z.uuid()),
  left: z.array(z.strictObject({ id: z.uuid(), why: z.enum(LEFT_REASONS) })),
});
export type MailsConfirmed = z.infer<typeof mailsConfirmedSchema>;
/**
 * POST /api/desk/mail/:id/attach : it is about this notice. Words that are sealed to another case come with it, sealed anew in her
 * browser. POST /api/desk/mail/:id/discard , with an empty body: mail of no notice, whose words are then deleted.
 */
export const mailAttachSchema = z.strictObject({
  noticeId: z.uuid(),
  document: z.strictObject({ keyVersion: z.int().min(1), sealed: sealedSchema }).optional(),
});
