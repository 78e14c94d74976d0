import { z } from "zod";
import { instantSchema, signedSchema } from "./common.ts";

/** A supervisor's standing word that one recipient may be asked on one ground, where a ladder comes to it. */
export const policySchema = z.strictObject({
  id: z.uuid(),
  recipient: z.strictObject({ id: z.uuid(), name: z.string() }),
  /** Id of the ground, or "plain" for a plain request. */
  ground: z.string(),
  madeBy: z.string(),
  madeAt: instantSchema,
  endsAt: instantSchema,
  revokedAt: instantSchema.nullable(),
  /** Its signature holds, its signer is a supervisor now, and it has neither ended nor been revoked. */
  live: z.boolean(),
});
export type Policy = z.infer<typeof policySchema>;
/** GET /api/desk/policies : newest first. */
export const policiesSchema = z.array(policySchema);
/** POST /api/desk/policies (supervisor) : signed in her browser with her own key (use `policy`, see evidence's policy.ts). */
export const policyPostSchema = z.strictObject({ policy: signedSchema });
/** POST /api/desk/policies/:id (supervisor) */
export const policyChangeSchema = z.strictObject({ change: z.literal("revoke") });
/** Payload of a signed policy. */
export const policyTextSchema = z.strictObject({
  policyId: z.uuid(),
  staffId: z.uuid(),
  recipientId: z.uuid(),
  ground: z.string().min(1).max(100),
  madeAt: instantSchema,
  endsAt: instantSchema,
});
