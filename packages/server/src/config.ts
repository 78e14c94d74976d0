import { z } from "zod";
import { type ChannelSettings, channelEnvironment, readChannelSettings } from "./channels/settings.ts";
import { DIRECTLY, type Vantage, vantagesSchema } from "./checks/vantages.ts";
import { readWitnesses, type Witness } from "./log/witnesses.ts";
import { type MailSettings, mailEnvironment, readMailSettings } from "./mail/settings.ts";
import { readTimestampSettings, type TimestampSettings, timestampEnvironment } from "./timestamps/settings.ts";

/** Everything an operator can set, read once at start from the environment. */
export type Config = {
  /** Origin that browsers see, such as https://centre.example; also fixes the WebAuthn RP ID. */
  readonly origin: string;
  readonly port: number;
  /** Sealed for outgoing mail; null sends none and says so in the ledger. */
  readonly smtp: string | null;
  /** Sender of notices. */
  readonly mailFrom: string;
  readonly mail: MailSettings;
  /** Accounts at services that take reports by their own API. */
  readonly channels: ChannelSettings;
  /**
   * Sender of the neutral words to a safe contact: an address that says nothing of a centre. Null sends none, and staff tell her
   * safe contact themselves.
   */
  readonly neutralFrom: string | null;
  /** Lets checks reach private addresses; for the demo and tests only. */
  readonly allowPrivateAddresses: boolean;
  /** Bits and parts of the proof of work: about parts * 2^bits hashes. */
  readonly effort: { readonly bits: number; readonly parts: number };
  /** Anonymous requests a minute from one address. */
  readonly anonymousAMinute: number;
  /** Addresses of reverse proxies whose X-Forwarded-For is believed, such as "loopback" (the default behind HTTPS: we listen on this machine only); null believes none. */
  readonly trustedProxies: string | null;
  /** Seconds until a check of a place whose notice was answered; then the long ladder. */
  readonly firstCheckSeconds: number;
  /** From where places are checked; at least one. */
  readonly vantages: readonly Vantage[];
  /** Seconds between two looks at one host, at least; up to twice as many, by chance. 0 waits for nothing. */
  readonly hostGapSeconds: number;
  /** Folder of IANA's files that say which directory answers for what (RFC 9224); ends with a slash. */
  readonly rdapFiles: string;
  /** Who outside the centre signs the log's checkpoints: `https://witness.example=name+id+key`, several with commas between. */
  readonly witnesses: readonly Witness[];
  /** Who stamps the time of what is sealed; null: nobody, and packs say so. */
  readonly timestamps: TimestampSettings | null;
};

const environment = z.object({
  JIKIM_ORIGIN: z.url().optional(),
  JIKIM_PORT: z.coerce.number().int().min(0).max(65_535).default(7380),
  JIKIM_SMTP_URL: z.string().startsWith("smtp").optional(),
  JIKIM_MAIL_FROM: z.string().default("notices@jikim.invalid"),
  ...mailEnvironment,
  ...channelEnvironment,
  JIKIM_NEUTRAL_FROM: z.email().optional(),
  JIKIM_ALLOW_PRIVATE: z.enum(["yes", "no"]).default("no"),
  JIKIM_EFFORT_BITS: z.coerce.number().int().min(0).max(20).default(12),
  JIKIM_ANONYMOUS_A_MINUTE: z.coerce.number().int().min(1).default(60),
  JIKIM_TRUSTED_PROXIES: z.string().min(1).optional(),
  JIKIM_FIRST_CHECK_SECONDS: z.coerce.number().int().min(1).default(3600),
  JIKIM_VANTAGES: vantagesSchema.optional(),
  JIKIM_HOST_GAP_SECONDS: z.coerce.number().min(0).max(3600).default(3),
  ...timestampEnvironment,
  JIKIM_WITNESSES: z.string().min(1).optional(),
  JIKIM_RDAP_FILES: z.url().endsWith("/").default("https://data.iana.org/rdap/"),
});

/** @throws when a variable is malformed; the text names the variable. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const read = environment.safeParse(variables);
  if (!read.success) throw new Error(`The environment is not usable: ${z.prettifyError(read.error)}`);
  const { data } = read;
  return {
    origin: (data.JIKIM_ORIGIN ?? `http://localhost:${data.JIKIM_PORT}`).replace(/\/$/, ""),
    port: data.JIKIM_PORT,
    smtp: data.JIKIM_SMTP_URL ?? null,
    mailFrom: data.JIKIM_MAIL_FROM,
    mail: readMailSettings(data),
    channels: readChannelSettings(data),
    neutralFrom: data.JIKIM_NEUTRAL_FROM ?? null,
    allowPrivateAddresses: data.JIKIM_ALLOW_PRIVATE === "yes",
    effort: { bits: data.JIKIM_EFFORT_BITS, parts: 16 },
    anonymousAMinute: data.JIKIM_ANONYMOUS_A_MINUTE,
    trustedProxies: data.JIKIM_TRUSTED_PROXIES ?? (data.JIKIM_ORIGIN?.startsWith("https:") ? "loopback" : null),
    firstCheckSeconds: data.JIKIM_FIRST_CHECK_SECONDS,
    vantages: data.JIKIM_VANTAGES ?? DIRECTLY,
    hostGapSeconds: data.JIKIM_HOST_GAP_SECONDS,
    rdapFiles: data.JIKIM_RDAP_FILES,
    timestamps: readTimestampSettings(data),
    witnesses: data.JIKIM_WITNESSES === undefined ? [] : readWitnesses(data.JIKIM_WITNESSES),
  };
}
