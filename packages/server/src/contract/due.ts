import { CHANNELS, DOUBT_ANSWERS } from "@jikim/casework";
import { z } from "zod";
import { clockSchema, instantSchema } from "./common.ts";

/** answer: a recipient's answer is waited for · doubt: nobody knows whether it left · sheet: a web form to send by hand · step: prepared by the ladder. */
export const DUE_KINDS = ["answer", "doubt", "sheet", "step"] as const;

export const dueRowSchema = z.strictObject({
  kind: z.enum(DUE_KINDS),
  caseId: z.uuid(),
  /** Running number within the centre. */
  caseNumber: z.int(),
  noticeId: z.uuid(),
  recipient: z.strictObject({ id: z.uuid(), name: z.string() }),
  /** Of a doubt or a sheet. */
  channel: z.enum(CHANNELS).nullable(),
  purpose: z.enum(["notice", "reminder", "withdrawal"]),
  /** By what the answer is waited for; a step, a sheet and a doubt have none but the centre's own promise. */
  clock: clockSchema.nullable(),
  dueAt: instantSchema,
  overdue: z.boolean(),
  /** Why the ladder prepared a step. */
  why: z.string().nullable(),
});
export type DueRow = z.infer<typeof dueRowSchema>;

/** GET /api/desk/due : of the cases she holds (supervisors and intake: of all), soonest first. */
export const dueQuerySchema = z.strictObject({
  kind: z.enum(DUE_KINDS).default("answer"),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const dueSchema = z.strictObject({ rows: z.array(dueRowSchema), next: z.string().nullable() });
export type Due = z.infer<typeof dueSchema>;

/** POST /api/desk/notices/:id/doubt : whether a try that nobody recorded arrived. "send-again" may double it: she has asked the recipient. */
export const doubtPostSchema = z.strictObject({
  channel: z.enum(CHANNELS),
  purpose: z.enum(["notice", "reminder", "withdrawal"]).default("notice"),
  answer: z.enum(DOUBT_ANSWERS),
});
/** POST /api/desk/notices/:id/step : one key for what the ladder prepared; `recipient` names whom she read and confirmed. */
export const stepPostSchema = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("send"), recipient: z.uuid() }),
  z.strictObject({ do: z.literal("drop") }),
]);
