import { CHANNELS, GROUND_REASONS, RECIPIENT_KINDS, RUNG_REASONS, SILENCES } from "@jikim/casework";
import { z } from "zod";
import { answerSchema, clockSchema, instantSchema } from "./common.ts";
import { noticeGroundSchema } from "./laws.ts";
import { noticeRecipientSchema } from "./recipients.ts";

/** A declaration that a notice makes: by whom, and on what statement of hers (null: on the signed mandate, or the centre's own knowledge). */
const declarationSchema = z.strictObject({
  what: z.string(),
  by: z.enum(["centre", "survivor"]),
  statement: z.string().nullable(),
  text: z.string(),
});

/** What stands ready for a web form: its link, and what goes where, to be copied. */
export const sheetSchema = z.strictObject({
  url: z.string(),
  rows: z.array(z.strictObject({ label: z.strictObject({ ko: z.string(), en: z.string() }), value: z.string() })),
});
export type Sheet = z.infer<typeof sheetSchema>;

export const noticeSchema = z.strictObject({
  id: z.uuid(),
  recipient: z.strictObject({
    id: z.uuid(),
    kind: z.enum(RECIPIENT_KINDS),
    name: z.string(),
    /** Key of its row in the registry, which says what it needs; null: found by look-up or by hand. */
    registryKey: z.string().nullable(),
    /** It is the threat, or what is written to it reaches one who is: never notified. */
    hostile: z.boolean(),
  }),
  state: z.enum(["draft", "approved", "sent", "answered", "stopped"]),
  places: z.array(z.uuid()),
  letter: z.strictObject({ subject: z.string(), text: z.string() }),
  /** The row of law it was written for, with its source; null: a plain request. */
  ground: noticeGroundSchema.nullable(),
  declarations: z.array(declarationSchema),
  /** Fields of a valid notice that it still lacks; it cannot be approved until there are none. */
  missing: z.array(z.string()),
  /** Laid ready once it is approved to leave by a web form, and not when its recipient is hostile. */
  sheet: sheetSchema.nullable(),
  /** Laid ready while its end waits to be told by its web form: what to say that nothing more is asked. */
  endSheet: sheetSchema.nullable(),
  approvedAt: instantSchema.nullable(),
  sentAt: instantSchema.nullable(),
  due: z.strictObject({ clock: clockSchema, dueAt: instantSchema }).nullable(),
  answer: z.strictObject({ answer: answerSchema, at: instantSchema }).nullable(),
  deliveries: z.array(
    z.strictObject({
      channel: z.enum(CHANNELS),
      /** in-doubt: handed over, not known whether taken · by-hand: a web form that waits for "I sent it". */
      state: z.enum(["pending", "in-doubt", "by-hand", "sent", "failed"]),
      at: instantSchema.nullable(),
    }),
  ),
});
export type Notice = z.infer<typeof noticeSchema>;

const MOST_PLACES = 500;
const placeIdsSchema = z.array(z.uuid()).min(1).max(MOST_PLACES);

/** POST /api/desk/cases/:id/routes : who can remove what is at these places, in the order in which they are asked. */
export const routesPostSchema = z.strictObject({ places: placeIdsSchema });
const rungSchema = z.strictObject({
  recipient: noticeRecipientSchema,
  /** Hours after the first notice; 0: at once, beside the others. */
  afterHours: z.int().min(0),
  why: z.enum(RUNG_REASONS),
  /** Ways by which a notice can leave for it now; none: no address is known. */
  ways: z.array(z.enum(CHANNELS)),
  ground: noticeGroundSchema.nullable(),
  because: z.enum(GROUND_REASONS),
  /** It said "not ours" about one of these places: it is not asked again by itself. */
  saidNotOurs: z.boolean(),
});
export type Rung = z.infer<typeof rungSchema>;
export const routeSchema = z.strictObject({
  /** Places that share this route. */
  places: z.array(z.uuid()),
  reach: z.enum(["public", "closed", "unknown"]),
  rungs: z.array(rungSchema),
  /** A host or a registrar that is not known, with why, and where a person can look it up. */
  silent: z.array(
    z.strictObject({
      kind: z.enum(["host", "registrar"]),
      why: z.enum(SILENCES),
      byHand: z.strictObject({ name: z.strictObject({ ko: z.string(), en: z.string() }), url: z.string() }).nullable(),
    }),
  ),
  /** Registries are still being asked who the host and the registrar are: ask again in a moment. */
  asking: z.boolean(),
});
export type Route = z.infer<typeof routeSchema>;
export const routesSchema = z.strictObject({ routes: z.array(routeSchema) });

/**
 * POST /api/desk/cases/:id/notices : drafts the fewest notices that each recipient accepts. "all-first-rungs": for each place those
 * who are asked at once.
 */
export const noticesPostSchema = z.strictObject({
  places: placeIdsSchema,
  recipients: z.union([z.array(z.uuid()).min(1).max(50), z.literal("all-first-rungs")]),
});
export const draftedSchema = z.strictObject({
  notices: z.array(noticeSchema),
  /** Places that no recipient with a known address was found for. */
  unreached: z.array(z.uuid()),
});
/**
 * POST /api/desk/notices/approve : sends. `recipients` names who she read and confirmed; a notice to another is refused. `later` names
 * recipients further up the ladder who may be asked about the same places without another approval, if these do not help in time.
 */
export const approveSchema = z.strictObject({
  notices: z.array(z.uuid()).min(1).max(500),
  recipients: z.array(z.uuid()).min(1).max(200),
  later: z.array(z.uuid()).max(50).optional(),
});
export const approvedSchema = z.strictObject({ approved: z.array(z.uuid()) });
/** POST /api/desk/notices/:id/sheet : "I sent it": a web form was filled in and sent by hand at this time. */
export const sheetSentSchema = z.strictObject({
  sentAt: instantSchema,
  /** How many places the sheet had when she read it; of the end of a notice it says nothing. */
  places: z.int().min(1).optional(),
  /** The notice itself, or its end. */
  purpose: z.enum(["notice", "withdrawal"]).default("notice"),
});
export type SheetSent = z.infer<typeof sheetSentSchema>;
/**
 * POST /api/desk/notices/:id/next , with an empty body: after "not ours", a refusal or silence, drafts to those of the next rung for the
 * places of this notice that are still there.
 */
