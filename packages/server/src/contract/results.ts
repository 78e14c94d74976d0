import { CHANNELS, RECIPIENT_KINDS, ROUTE_PARTS } from "@jikim/casework";
import { z } from "zod";
import { instantSchema } from "./common.ts";

const shareSchema = z.strictObject({ share: z.number(), low: z.number(), high: z.number() }).nullable();
const outcomeSchema = z.strictObject({
  ended: z.int(),
  medianHours: z.number().nullable(),
  within24h: shareSchema,
  within48h: shareSchema,
  within7d: shareSchema,
});
/** Share that still lasts after so many hours; to be drawn as steps. */
const curveSchema = z.array(z.strictObject({ hours: z.number(), lasting: z.number() }));

/** GET /api/desk/results?by=recipient : what notices of the last year led to. A line counts for the ladder from twenty cases on. */
export const resultsQuerySchema = z.strictObject({ by: z.enum(ROUTE_PARTS).default("recipient") });
export const resultsSchema = z.strictObject({
  rows: z.array(
    z.strictObject({
      /** Name of the recipient, id of the ground ("plain": none was named), or the channel. */
      name: z.strictObject({ ko: z.string(), en: z.string() }),
      kind: z.enum(RECIPIENT_KINDS).nullable(),
      channel: z.enum(CHANNELS).nullable(),
      cases: z.int(),
      places: z.int(),
      answer: outcomeSchema,
      removal: outcomeSchema.extend({ curve: curveSchema }),
      back: z.strictObject({ removed: z.int(), came: z.int(), within30d: shareSchema }),
      counts: z.boolean(),
    }),
  ),
});
export type Results = z.infer<typeof resultsSchema>;

const monthSchema = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/);
const cellSchema = z.strictObject({ at: z.array(z.string()), value: z.int().nullable() });
/** GET /api/desk/figures : tables that went out, newest first. */
export const figuresSchema = z.array(
  z.strictObject({
    id: z.uuid(),
    periods: z.array(z.string()),
    least: z.int(),
    at: instantSchema,
    /** Who was asked, and what became of the place within 30 days; "total" for all. A value of null was left out. */
    cells: z.array(cellSchema),
  }),
);
export type PublishedFigures = z.infer<typeof figuresSchema>;
/** POST /api/desk/figures (supervisor, analyst): a table over these months, in which no small count can be seen or worked out. */
export const figuresPostSchema = z.strictObject({
  months: z.array(monthSchema).min(1).max(24),
  /** national: a whole country's year · small: everything else. */
  scope: z.enum(["small", "national"]),
});
