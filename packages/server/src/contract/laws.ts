import { JURISDICTIONS, MARKS } from "@jikim/casework";
import { z } from "zod";

const bilingualSchema = z.strictObject({ ko: z.string(), en: z.string() });
const daySchema = z.iso.date();
/** From what a period runs; order: from an act of an authority that the sender does not see. */
const startSchema = z.enum(["receipt", "sending", "order"]);
/** Where a row comes from, when it was last looked at, and how sure we are. */
const sourceSchema = z.strictObject({ where: z.string(), asOf: daySchema, mark: z.enum(MARKS) });

/** The row of law that a notice was written for. `asserted` false: the notice holds what that law asks of one and does not name it. */
export const noticeGroundSchema = z.strictObject({
  id: z.string(),
  law: bilingualSchema,
  article: z.string(),
  source: z.string(),
  asOf: daySchema,
  mark: z.enum(MARKS),
  asserted: z.boolean(),
});
export type NoticeGround = z.infer<typeof noticeGroundSchema>;

const inForceSchema = z.strictObject({ from: daySchema.nullable(), until: daySchema.nullable() });
const rowSchema = {
  id: z.string(),
  law: bilingualSchema,
  article: z.string(),
  inForce: inForceSchema,
  source: sourceSchema,
  /** Whether a notice of today may say "under this law": read, in force, and looked at lately. */
  assertable: z.boolean(),
  /** The last day on which it may be asserted unless somebody looks again; null: it may not be asserted today. */
  assertableUntil: daySchema.nullable(),
  /** The centre's last look at this row as it stands; null: nobody of the centre has looked. */
  reading: z
    .strictObject({ day: daySchema, stands: z.boolean(), reference: z.string(), by: z.string().nullable() })
    .nullable(),
};
const offenceSchema = z.strictObject({
  kind: z.literal("offence"),
  ...rowSchema,
  act: bilingualSchema,
  penalty: bilingualSchema,
});
const periodSchema = z.union([
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("legal"),
    length: z.literal("without-delay"),
    start: startSchema,
    from: bilingualSchema,
  }),
  z.strictObject({
    kind: z.literal("legal"),
    length: z.enum(["hours", "days", "business-days"]),
    count: z.number(),
    start: startSchema,
    from: bilingualSchema,
  }),
]);
const groundSchema = z.strictObject({
  kind: z.literal("ground"),
  ...rowSchema,
  what: bilingualSchema,
  reaches: z.enum(["public", "any"]),
  senders: bilingualSchema,
  notice: z.array(z.string()),
  period: periodSchema,
  onFailure: bilingualSchema,
  counterNotice: bilingualSchema.nullable(),
});
/** A target that somebody set for themselves: never shown as law. */
const targetSchema = z.strictObject({
  kind: z.literal("policy"),
  hours: z.number(),
  whose: bilingualSchema,
  source: sourceSchema,
});

/** POST /api/desk/laws/:id/readings (supervisor, admin): somebody looked at the source again. `stands` false: it is asserted no more. */
export const readingPostSchema = z.strictObject({
  /** Not after today. */
  day: daySchema,
  stands: z.boolean(),
  /** Where it was read and who vouches for it. */
  reference: z.string().trim().min(1).max(300),
});

/** GET /api/desk/laws : every row with its source and mark, for the lawyers' page. Not legal advice. */
export const lawsSchema = z.strictObject({
  /** The centre's day, by which "in force" and "assertable" are said. */
  day: daySchema,
  /** Where the centre is: its own laws come first. */
  home: z.enum(JURISDICTIONS),
  recheckDays: z.int(),
  tables: z.array(
    z.strictObject({
      jurisdiction: z.enum(JURISDICTIONS),
      laws: z.array(z.discriminatedUnion("kind", [offenceSchema, groundSchema])),
      targets: z.array(targetSchema),
    }),
  ),
});
export type Laws = z.infer<typeof lawsSchema>;
