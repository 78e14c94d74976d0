import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";

/** Which centre the board follows. */
export const centreSettingsSchema = z.strictObject({
  url: z.url(),
  key: z.string().min(1),
  root: z.string().regex(/^[0-9a-f]{64}$/),
});
export type CentreSettings = z.infer<typeof centreSettingsSchema>;

export type Settings = {
  /** 0 takes a free port. */
  readonly port: number;
  readonly smtpPort: number;
  readonly data: string;
  /** Origin that visitors see; null: http://127.0.0.1 with the port. */
  readonly url: string | null;
  /** What reviewers sign in with. */
  readonly reviewToken: string;
  /** From the environment; null: the board waits for `DATA/jikim.json`. */
  readonly centre: CentreSettings | null;
  readonly samples: boolean;
  /** Time between two looks at the list. */
  readonly everyMs: number;
};

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(7381),
  SMTP_PORT: z.coerce.number().int().min(0).max(65_535).default(7325),
  DATA: z.string().min(1).default("./data-platform"),
  BOARD_URL: z.url().optional(),
  REVIEW_TOKEN: z.string().min(16).optional(),
  LIST_EVERY_MS: z.coerce.number().int().min(100).max(5000).default(2000),
  SAMPLES: z.enum(["yes", "no"]).default("yes"),
  JIKIM_URL: z.string().optional(),
  JIKIM_KEY: z.string().optional(),
  JIKIM_ROOT: z.string().optional(),
});

/** @param isUnlinked  starts without a centre, whatever the environment says. @throws when a variable is malformed. */
export async function readSettings(variables: NodeJS.ProcessEnv, isUnlinked: boolean): Promise<Settings> {
  const read = environmentSchema.safeParse(variables);
  if (!read.success) throw new Error(`The environment is not usable: ${z.prettifyError(read.error)}`);
  const from = read.data;
  const data = resolve(from.DATA);
  await mkdir(data, { recursive: true, mode: 0o700 });
  return {
    port: from.PORT,
    smtpPort: from.SMTP_PORT,
    data,
    url: from.BOARD_URL?.replace(/\/+$/, "") ?? null,
    reviewToken: from.REVIEW_TOKEN ?? (await keptToken(join(data, "review-token"))),
    centre: isUnlinked || !from.JIKIM_KEY ? null : centreOf(from),
    samples: from.SAMPLES === "yes",
    everyMs: from.LIST_EVERY_MS,
  };
}

function centreOf({ JIKIM_URL, JIKIM_KEY, JIKIM_ROOT }: z.infer<typeof environmentSchema>) {
  const read = centreSettingsSchema.safeParse({ url: JIKIM_URL, key: JIKIM_KEY, root: JIKIM_ROOT });
  if (!read.success) throw new Error("JIKIM_KEY needs JIKIM_URL and JIKIM_ROOT (64 hex digits) beside it.");
  return read.data;
}

/** Made at the first start and kept, so that reviewers stay signed in. */
async function keptToken(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    const token = randomBytes(18).toString("base64url");
    await writeFile(file, `${token}\n`, { mode: 0o600 });
    return token;
  }
}

/** What `DATA/jikim.json` says; null while it is missing or half written. */
export async function readCentreFile(data: string): Promise<CentreSettings | null> {
  try {
    return centreSettingsSchema.parse(JSON.parse(await readFile(join(data, "jikim.json"), "utf8")));
  } catch {
    return null;
  }
}
