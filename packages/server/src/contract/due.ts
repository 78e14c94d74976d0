import { CHANNELS, DOUBT_ANSWERS } from "@jikim/casework";
import { z } from "zod";
import { emergencyDueSchema } from "./captures.ts";
import { clockSchema, instantSchema } from "./common.ts";
import { sheetSentSchema } from "./notices.ts";

/** answer: a recipient's answer is waited for · doubt: nobody knows whether it left · sheet: a web form to send by hand · step: prepared by the ladder. */
export const DUE_KINDS = ["answer", "doubt", "sheet", "step"] as const;

export const dueRowSchema = z.strictObject({
  kind: z.enum(DUE_KINDS),
  caseId: z.uuid(),
  /** Running number within the centre. */
  caseNumber: z.int(),
  noticeId: z.uuid(),
  recipient: z.strictObject({ id: z.uuid(), name: z.string() }),
  /** How many places it is about. */
  places: z.int(),
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
export const dueSchema = z.strictObject({
  rows: z.array(dueRowSchema),
  next: z.string().nullable(),
  /** Emergency measures whose approval is waited for, soonest first, whatever kind is asked for; all stand on the first page. */
  emergencies: z.array(emergencyDueSchema),
});
export type Due = z.infer<typeof dueSchema>;

/** What one request names: as many as a case has. Ours. */
const MOST_AT_ONCE = 200;
/**
 * POST /api/desk/cases/:id/sheets : "all of these sent", each with its own time. `places`: how many places the sheet had when she read
 * it; one that places joined since is not the one she sent. All are recorded, or none.
 */
export const sheetsPostSchema = z.strictObject({
  sheets: z
    .array(sheetSentSchema.required({ places: true }).extend({ noticeId: z.uuid() }))
    .min(1)
    .max(MOST_AT_ONCE),
});
/** POST /api/desk/cases/:id/steps : one key for all that the ladders of a case prepared; each names whom she read. All, or none. */
export const stepsPostSchema = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("send"),
    steps: z
      .array(z.strictObject({ noticeId: z.uuid(), recipient: z.uuid() }))
      .min(1)
      .max(MOST_AT_ONCE),
  }),
  z.strictObject({ do: z.literal("drop"), notices: z.array(z.uuid()).min(1).max(MOST_AT_ONCE) }),
]);

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
