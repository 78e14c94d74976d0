import { SENDER_KINDS } from "@jikim/casework";
import { z } from "zod";
import {
  base64urlSchema,
  publicKeySchema,
  recipientSchema,
  roleSchema,
  signedSchema,
  textSchema,
  tokenSchema,
} from "./common.ts";

/** GET /api/setup with header `Authorization: Setup <token>` (the one-time link printed at first start). */
export const setupSchema = z.strictObject({
  step: z.enum(["admin", "intake", "keys", "done"]),
  /** Enrolment token of the person whose turn it is; null at `keys` and `done`. */
  enrolment: z.string().nullable(),
  /** Public half of the running server's service key, to be certified by the root. */
  serviceKey: publicKeySchema,
  /** The intake person, once enrolled. */
  intake: z
    .strictObject({
      staffId: z.uuid(),
      roles: z.array(roleSchema),
      recipient: recipientSchema,
      verifyKey: publicKeySchema,
    })
    .nullable(),
});
export type Setup = z.infer<typeof setupSchema>;

/** POST /api/setup/keys : the root and recovery keys were made in the browser and shown once; only public halves come here. */
export const setupKeysSchema = z.strictObject({
  root: publicKeySchema,
  certificates: z.strictObject({ service: signedSchema, recovery: signedSchema, intake: signedSchema }),
  centre: z.strictObject({
    name: textSchema,
    contact: z.strictObject({ phone: z.string().max(60), mail: z.string().max(200), hours: textSchema }),
    senderKind: z.enum(SENDER_KINDS).optional(),
    signer: z.string().trim().min(1).max(200).nullable().optional(),
  }),
});
export type SetupKeys = z.infer<typeof setupKeysSchema>;

/** GET /api/enrolment with header `Authorization: Enrolment <token>`: WebAuthn creation options (JSON as of WebAuthn level 3) and who is asked. */
export const enrolmentSchema = z.strictObject({
  staffId: z.uuid(),
  roles: z.array(roleSchema),
  /** Admin, auditor and analyst hold no case keys. */
  needsKey: z.boolean(),
  options: z.record(z.string(), z.unknown()),
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

/**
 * POST /api/enrolment : a passkey, or a generated passphrase, or both. `wrapped` is the staff key (evidence's staff-key.ts)
 * under it; null for roles without a key.
 */
export const enrolSchema = z.strictObject({
  /** What survivors and colleagues see instead of a name, such as "상담 1"; unique; also the sign-in name for a passphrase. */
  pseudonym: z.string().trim().min(1).max(40),
  passkey: z
    .strictObject({ response: z.record(z.string(), z.unknown()), wrapped: base64urlSchema(4096).nullable() })
    .nullable(),
  passphrase: z.strictObject({ token: tokenSchema, wrapped: base64urlSchema(4096).nullable() }).nullable(),
  key: z.strictObject({ recipient: recipientSchema, verifyKey: publicKeySchema }).nullable(),
});
export type Enrol = z.infer<typeof enrolSchema>;

/** POST /api/desk/sign-in/options : WebAuthn request options. */
export const signInOptionsSchema = z.strictObject({
  challengeId: z.uuid(),
  options: z.record(z.string(), z.unknown()),
});
export type SignInOptions = z.infer<typeof signInOptionsSchema>;
/** POST /api/desk/sign-in */
export const signInSchema = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("passkey"), challengeId: z.uuid(), response: z.record(z.string(), z.unknown()) }),
  z.strictObject({ by: z.literal("passphrase"), pseudonym: z.string().max(40), token: tokenSchema }),
]);
export type SignIn = z.infer<typeof signInSchema>;
/** GET /api/desk/session, and the answer to a sign-in. The session itself is a cookie (HttpOnly, SameSite=Strict). */
export const sessionSchema = z.strictObject({
  staffId: z.uuid(),
  pseudonym: z.string(),
  roles: z.array(roleSchema),
  /** The staff key under what was used to sign in; null for roles without a key. */
  wrapped: base64urlSchema(4096).nullable(),
  /** null until the root has signed the key; such a person opens nothing. */
  certificate: signedSchema.nullable(),
  root: publicKeySchema.nullable(),
});
export type Session = z.infer<typeof sessionSchema>;
