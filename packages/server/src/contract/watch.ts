import { z } from "zod";
import { instantSchema } from "./common.ts";

/** What a centre is authorised to watch. GET /api/desk/sources; POST (supervisor) adds one. */
export const sourceKindSchema = z.enum(["page", "feed", "sitemap", "search"]);
export const sourceSchema = z.strictObject({
  id: z.uuid(),
  kind: sourceKindSchema,
  address: z.string(),
  everyHours: z.int(),
  /** On what authority it is watched, since when, and who added it. */
  authorisation: z.strictObject({ text: z.string(), on: z.iso.date() }),
  addedBy: z.string(),
  addedAt: instantSchema,
  /** null: nobody has looked yet. disallowed: its robots.txt says no, so that it is not looked at. */
  last: z
    .strictObject({
      at: instantSchema,
      result: z.enum(["looked", "unchanged", "unreachable", "unreadable", "disallowed"]),
    })
    .nullable(),
  /** null: it is no longer watched. */
  nextAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
  /** Pages that it leads to and that are looked at too, and how many items were seen there. */
  pages: z.int(),
  sightings: z.int(),
});
export type Source = z.infer<typeof sourceSchema>;
export const sourcesSchema = z.array(sourceSchema);
export const sourcePostSchema = z.strictObject({
  kind: sourceKindSchema,
  address: z.url().max(2048),
  everyHours: z.int().min(1).max(720).default(6),
  authorisation: z.strictObject({ text: z.string().trim().min(10).max(2000), on: z.iso.date() }),
});
export type SourcePost = z.infer<typeof sourcePostSchema>;
/** POST /api/desk/sources/:id (supervisor): ends the watch of a source, or sweeps it now. */
export const sourceChangeSchema = z.strictObject({ change: z.enum(["end", "sweep"]) });

/**
 * GET /api/desk/means : what is looked with, of what this server was set up with. Admins see it too, who mend it.
 * `missing`: Debian packages that this machine does not have · `vantages`: every way to look from; `downSince`: its proxy was not there
 * whenever it was tried since, so that nobody looked from there.
 */
export const meansSchema = z.strictObject({
  missing: z.array(z.strictObject({ package: z.enum(["chromium", "ffmpeg", "fonts-nanum"]) })),
  /** Foreign pages are opened under the account of the server itself, which was not started as root. */
  sharedAccount: z.boolean(),
  vantages: z.array(
    z.strictObject({
      name: z.string(),
      country: z.string().nullable(),
      downSince: instantSchema.nullable(),
      lastTriedAt: instantSchema.nullable(),
    }),
  ),
});
export type Means = z.infer<typeof meansSchema>;

/** GET /api/my/watch : what is watched for her, so that she need not search. None of it before her mandate is checked. */
export const myWatchSchema = z.strictObject({
  watching: z.boolean(),
  sources: z.int(),
  lastLookedAt: instantSchema.nullable(),
});
export type MyWatch = z.infer<typeof myWatchSchema>;

/** POST /api/my/fetches, POST /api/desk/cases/:id/fetches : her answer, and a caseworker's, to fetching links that may be unique to her. */
export const fetchesSchema = z.strictObject({
  places: z.array(z.uuid()).min(1).max(500),
  answer: z.enum(["yes", "no"]),
});
