import { readFileSync } from "node:fs";
import { z } from "zod";

/** Signs outgoing mail (RFC 6376). `key`: a private key as PEM text. */
export type Dkim = { readonly domain: string; readonly selector: string; readonly key: string };

/** The mailbox that answers come to. */
export type MailboxSettings = {
  /** imap:// or imaps:// with user and password, percent-encoded. */
  readonly url: string;
  readonly folder: string;
  /** Folder that a mail is moved to once it is recorded; null removes it from the mailbox. */
  readonly done: string | null;
  /** Seconds between two looks, besides being told by IDLE. */
  readonly pollSeconds: number;
};

export type MailSettings = {
  /** Certificates (PEM) that are trusted besides the system's, for a mail server with a certificate of its own. */
  readonly ca: string | null;
  readonly dkim: Dkim | null;
  /** Address that gets a blind copy of each notice, in the mailbox below; null: a plus address of the sender. */
  readonly archive: string | null;
  readonly inbox: MailboxSettings | null;
};

const someText = z.string().min(1).optional();

/** Variables about mail; part of `config.ts`. */
export const mailEnvironment = {
  JIKIM_MAIL_CA: someText,
  JIKIM_MAIL_ARCHIVE: z.email().optional(),
  JIKIM_DKIM_DOMAIN: z.hostname().optional(),
  JIKIM_DKIM_SELECTOR: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,63}$/)
    .optional(),
  JIKIM_DKIM_KEY: someText,
  JIKIM_IMAP_URL: z
    .string()
    .regex(
      /^imaps?:\/\/[^:@/]+:[^@/]*@[^@/]+\/?$/,
      "imaps://user:password@server, with user and password percent-encoded",
    )
    .optional(),
  JIKIM_IMAP_FOLDER: z.string().min(1).default("INBOX"),
  JIKIM_IMAP_DONE: someText,
  JIKIM_IMAP_POLL_SECONDS: z.coerce.number().int().min(5).max(3600).default(60),
} as const;

type Variables = z.output<z.ZodObject<typeof mailEnvironment>>;

/** @throws when a file cannot be read, or DKIM is told in part; the text names the variable. */
export function readMailSettings(data: Variables): MailSettings {
  const { JIKIM_IMAP_URL: url } = data;
  const inbox = url && {
    url,
    folder: data.JIKIM_IMAP_FOLDER,
    done: data.JIKIM_IMAP_DONE ?? null,
    pollSeconds: data.JIKIM_IMAP_POLL_SECONDS,
  };
  return {
    ca: data.JIKIM_MAIL_CA === undefined ? null : readPem("JIKIM_MAIL_CA", data.JIKIM_MAIL_CA),
    dkim: readDkim(data),
    archive: data.JIKIM_MAIL_ARCHIVE ?? null,
    inbox: inbox || null,
  };
}

function readDkim(data: Variables): Dkim | null {
  const { JIKIM_DKIM_DOMAIN: domain, JIKIM_DKIM_SELECTOR: selector, JIKIM_DKIM_KEY: path } = data;
  if (domain === undefined && selector === undefined && path === undefined) return null;
  if (domain === undefined || selector === undefined || path === undefined)
    throw new Error("DKIM needs JIKIM_DKIM_DOMAIN, JIKIM_DKIM_SELECTOR and JIKIM_DKIM_KEY together");
  return { domain, selector, key: readPem("JIKIM_DKIM_KEY", path) };
}

function readPem(variable: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Error(`The environment is not usable: ${variable} names a file that cannot be read`);
  }
}
