import { z } from "zod";

/** A cookie of an account that the centre owns. A domain with a leading dot stands for all below it. */
const cookieSchema = z.strictObject({
  name: z.string().min(1).max(256),
  value: z.string().max(4096),
  domain: z.string().min(1).max(255),
  path: z.string().startsWith("/").max(1024),
  /** Goes over TLS alone. */
  secure: z.boolean(),
});
export type SessionCookie = z.infer<typeof cookieSchema>;

/** What is kept besides texts: bodies that match one of these items, each encrypted to the recipient before it is written. */
const keepSchema = z.strictObject({
  recipient: z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/),
  items: z
    .array(
      z
        .array(
          z.strictObject({
            kind: z.enum(["pdq", "view", "vpdq-frame"]),
            value: z.string().regex(/^[0-9a-f]{64}$/),
            quality: z.number().min(0).max(100),
            at: z.number().optional(),
            part: z.string().max(24).optional(),
          }),
        )
        .max(32),
    )
    .min(1)
    .max(500),
});
export type Keep = z.infer<typeof keepSchema>;

/** What is asked of a capture: a line of JSON on its stdin. When stdin ends after that line, whoever asked is gone, and so is the capture. */
const askedSchema = z.strictObject({
  version: z.literal(1),
  url: z.url({ protocol: /^https?$/ }).max(4096),
  /** An existing, empty folder, to which the result is written. */
  folder: z.string(),
  /** Unknown counts as true. */
  minor: z.boolean(),
  mode: z.enum(["hash-and-discard", "keep-matching"]),
  /** Of keep-matching, which does not exist for a minor. */
  keep: keepSchema.nullable(),
  /** Never written: neither to a file nor to the record. */
  cookies: z.array(cookieSchema).max(100),
  allowPrivate: z.boolean(),
  browser: z.string(),
  /** After so many seconds it ends with what it has. */
  seconds: z.int().min(5).max(600),
});
export const captureRequestSchema = askedSchema.refine(
  ({ mode, minor, keep }) => (mode === "keep-matching" ? keep !== null && !minor : keep === null),
  "nothing of a minor is kept, and nothing without the mode that says so",
);
export type CaptureRequest = z.infer<typeof captureRequestSchema>;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** media: by its own word · disguised: said to be something else, or put into a text · not-text: of no form that is known to be only text. */
export const WHYS = ["media", "disguised", "not-text", "too-large"] as const;

const resourceSchema = z.strictObject({
  url: z.string(),
  status: z.int(),
  type: z.string(),
  /** As it came; false for all that is not text. */
  kept: z.boolean(),
  bytes: z.int(),
  /** Of the whole body, its content encoding undone: what `sha256sum` says of the file. */
  sha256: sha256Schema,
  fingerprints: z
    .array(z.strictObject({ kind: z.string(), value: z.string(), quality: z.number().nullable() }))
    .optional(),
  why: z.enum(WHYS).nullable(),
  /** The file beside this record that holds it, under age: it matched. */
  sealed: z.string().optional(),
  /** How many pieces were cut out of a text that is kept; each is a resource of its own. */
  cut: z.int().optional(),
});
export type Resource = z.infer<typeof resourceSchema>;

const tlsSchema = z.strictObject({
  protocol: z.string(),
  /** From the site's own certificate to the root. */
  chain: z.array(z.strictObject({ subject: z.string(), issuer: z.string(), fingerprint256: z.string() })),
});
export type Tls = z.infer<typeof tlsSchema>;

export const addressSchema = z.strictObject({ host: z.string(), ip: z.string(), tls: tlsSchema.nullable() });
const gapSchema = z.strictObject({ url: z.string(), why: z.string() });
export type Gap = z.infer<typeof gapSchema>;

/** How large a window it looks through, in which language it asks, and where it stops. */
const settingsSchema = z.strictObject({
  /** CSS pixels. */
  viewport: z.strictObject({ width: z.int(), height: z.int() }),
  /** BCP 47, as the browser says it to sites. */
  locale: z.string(),
  limits: z.strictObject({
    seconds: z.int(),
    /** Of all that is loaded. */
    bytes: z.int(),
    requests: z.int(),
    /** CSS pixels; a screenshot of a higher page is cut. */
    screenshotHeight: z.int(),
    frames: z.int(),
    /** Milliseconds waited for all that the page names. */
    loadMs: z.int(),
    /** Times it scrolls to the end. */
    scrolls: z.int(),
  }),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What a capture leaves in its folder beside the files that it names: `record.json`. */
export const captureRecordSchema = z.strictObject({
  version: z.literal(1),
  url: z.strictObject({ requested: z.string(), final: z.string() }),
  redirects: z.array(z.string()),
  mode: z.enum(["hash-and-discard", "keep-matching"]),
  minor: z.boolean(),
  /** Through a session of an account that the centre owns. */
  signedIn: z.boolean(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** From beginning to end by a clock that nobody sets. */
  tookMs: z.int().min(0),
  zone: z.string(),
  tool: z.strictObject({
    name: z.string(),
    version: z.string(),
    node: z.string(),
    browser: z.string(),
    userAgent: z.string(),
    flags: z.array(z.string()),
    /** SHA-256 of the program's own files, as `sha256sum * | sha256sum` gives it in their folder (LC_ALL=C). */
    build: sha256Schema,
    settings: settingsSchema,
    /** What a reader must know of how it looks at pages. */
    ways: z.array(z.string()),
  }),
  /** Operating system, its release and the processor: of the kind of machine, not of this one. */
  host: z.strictObject({ platform: z.string(), release: z.string() }),
  addresses: z.array(addressSchema),
  resources: z.array(resourceSchema),
  gaps: z.array(gapSchema),
  wacz: z.strictObject({ path: z.literal("capture.wacz"), bytes: z.int(), sha256: sha256Schema }),
  screenshot: z.strictObject({ path: z.literal("screenshot.png"), sha256: sha256Schema }).nullable(),
});
export type CaptureRecord = z.infer<typeof captureRecordSchema>;
