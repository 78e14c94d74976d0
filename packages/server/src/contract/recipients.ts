import { JURISDICTIONS, RECIPIENT_KINDS } from "@jikim/casework";
import { z } from "zod";
import { instantSchema, languageSchema } from "./common.ts";

const nameSchema = z.strictObject({
  ko: z.string().trim().min(1).max(200),
  en: z.string().trim().min(1).max(200),
});
const hostSchema = z.string().trim().min(1).max(253);
const formSchema = z.url({ protocol: /^https$/ }).max(2048);

/** Who can remove an item, and how it takes notices. */
export const noticeRecipientSchema = z.strictObject({
  id: z.uuid(),
  kind: z.enum(RECIPIENT_KINDS),
  name: nameSchema,
  /** Key of its row in the registry, which says what it needs; null: found by look-up or by hand. */
  registryKey: z.string().nullable(),
  /** Whose law it answers to; null: not known. */
  jurisdiction: z.enum(JURISDICTIONS).nullable(),
  language: languageSchema,
  mail: z.string().nullable(),
  /** A mail server said that the address takes no mail: by which status (RFC 3463), when, and until when it is not written to. */
  deadMail: z.strictObject({ status: z.string(), since: instantSchema, until: instantSchema }).nullable(),
  form: z.string().nullable(),
  api: z.enum(["cloudflare", "aws"]).nullable(),
  /** Hosts whose pages are its own, such as "board.example". */
  hosts: z.array(z.string()),
  mostPlaces: z.int().min(1),
  sameHost: z.boolean(),
  hostile: z.boolean(),
  foundBy: z.enum(["registry", "rdap", "hand"]),
});
export type Recipient = z.infer<typeof noticeRecipientSchema>;
/** GET /api/desk/recipients : everybody we know. */
export const recipientsSchema = z.array(noticeRecipientSchema);
/** POST /api/desk/recipients : one found by hand. At least a mail address or a form, unless it is hostile and only to be kept out. */
export const recipientPostSchema = z.strictObject({
  kind: z.enum(RECIPIENT_KINDS),
  name: nameSchema,
  jurisdiction: z.enum(JURISDICTIONS).nullable(),
  language: languageSchema,
  mail: z.email().max(254).nullable(),
  form: formSchema.nullable(),
  hosts: z.array(hostSchema).max(50),
  hostile: z.boolean(),
});
export type RecipientPost = z.infer<typeof recipientPostSchema>;
/** POST /api/desk/recipients/:id : everybody who works on cases may say that an operator is the threat; only supervisors and admins take that back. */
export const recipientChangeSchema = z.strictObject({
  hostile: z.boolean().optional(),
  mail: z.email().max(254).nullable().optional(),
  form: formSchema.nullable().optional(),
  jurisdiction: z.enum(JURISDICTIONS).nullable().optional(),
  language: languageSchema.optional(),
  hosts: z.array(hostSchema).max(50).optional(),
});
export type RecipientChange = z.infer<typeof recipientChangeSchema>;

const changedSchema = z.union([z.string(), z.boolean(), z.array(z.string()), z.null()]);
/** GET /api/desk/recipients/:id/changes : since when it is known, and who changed what of it, the last first; `by` is a pseudonym, null: left. */
export const recipientHistorySchema = z.strictObject({
  knownSince: instantSchema,
  changes: z.array(
    z.strictObject({
      field: z.enum(["mail", "form", "jurisdiction", "language", "hosts", "hostile"]),
      from: changedSchema,
      to: changedSchema,
      by: z.string().nullable(),
      at: instantSchema,
    }),
  ),
});
export type RecipientHistory = z.infer<typeof recipientHistorySchema>;
