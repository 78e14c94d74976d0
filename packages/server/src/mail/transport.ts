import { Readable } from "node:stream";
import type { TryOutcome } from "@jikim/casework";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { Config } from "../config.ts";
import { bareAddress } from "./address.ts";
import { composeMail, type Mail } from "./compose.ts";
import type { Dkim } from "./settings.ts";

/** How mail leaves this centre. */
export type MailWay = {
  /** smtp:// (TLS is asked for, and insisted on off this machine) or smtps://, with user and password where needed. */
  readonly smtp: string;
  readonly ca: string | null;
  readonly dkim: Dkim | null;
};

export function mailWay({ smtp, mail }: Pick<Config, "smtp" | "mail">): MailWay | null {
  return smtp === null ? null : { smtp, ca: mail.ca, dkim: mail.dkim };
}

/** Silence after which a server counts as unreachable. */
const TIMEOUT_MS = 20_000;
/** Names under which a server of this machine is reached, so that nobody can listen in between. */
const HERE: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a URL leads to a server of this machine, where TLS may be left out. */
export function isHere(url: URL): boolean {
  return HERE.has(url.hostname);
}

/**
 * Hands a mail to our SMTP server, once. Says nothing of what it held when that fails. Nothing is handed over unless everybody named is
 * accepted: so a copy in the archive proves that the mail was taken for both, and no copy that it was taken for neither.
 */
export async function sendMail(way: MailWay, mail: Mail): Promise<TryOutcome> {
  return (await handMail(way, mail)).outcome;
}

/**
 * What came of it; `status`: the enhanced code of a refusal (RFC 3463), where the server gives one · `unarchived`: only the archive
 * refused a copy, and nothing was handed over.
 */
export type HandedMail = { readonly outcome: TryOutcome; readonly status: string | null; readonly unarchived: boolean };

class ArchiveRefused extends Error {
  override readonly name = "ArchiveRefused";
}

/** Whoever hands it over was taken for dead meanwhile, or was beaten to it. */
class Outrun extends Error {
  override readonly name = "Outrun";
}

/**
 * The same, with why a server refused.
 * @param mayStill  asked when the server waits for the text: false, or a question that fails, and the text is not given to it.
 */
export async function handMail(
  way: MailWay,
  mail: Mail,
  mayStill: () => Promise<boolean> = async () => true,
): Promise<HandedMail> {
  const composed = await composeMail(mail, way.dkim);
  const connection = openConnection(way);
  const handing = { begun: false, all: false };
  try {
    await connect(connection, way);
    handing.begun = true;
    await handOver(connection, { mail, composed, handing, mayStill });
    return { outcome: "accepted", status: null, unarchived: false };
  } catch (error) {
    const unarchived = error instanceof ArchiveRefused;
    if (!handing.begun || unarchived || error instanceof Outrun)
      return { outcome: "not-taken", status: null, unarchived };
    return { outcome: outcomeOf(error, handing.all), status: statusOf(error), unarchived };
  } finally {
    connection.close();
  }
}

function openConnection({ smtp, ca }: MailWay): SMTPConnection {
  const url = new URL(smtp);
  const secure = url.protocol === "smtps:";
  const tls = { minVersion: "TLSv1.2" as const, ...(ca === null ? {} : { ca }) };
  return new SMTPConnection({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    ...{ secure, tls, requireTLS: !secure && !isHere(url), ignoreTLS: !secure && isHere(url) },
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
  });
}

function connect(connection: SMTPConnection, { smtp }: MailWay): Promise<void> {
  const { username, password } = new URL(smtp);
  return new Promise((done, fail) => {
    connection.once("error", fail);
    connection.once("end", () => fail(new Error("the connection ended")));
    connection.connect((error) => {
      if (error) return fail(error);
      if (username === "") return done();
      const credentials = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
      connection.login({ credentials }, (refused) => (refused ? fail(refused) : done()));
    });
  });
}

type Handing = {
  readonly mail: Mail;
  readonly composed: Buffer;
  /** Whether everything was written, so that the server may have it even if it did not say so. */
  readonly handing: { all: boolean };
  readonly mayStill: () => Promise<boolean>;
};

function handOver(connection: SMTPConnection, { mail, composed, handing, mayStill }: Handing): Promise<void> {
  const to = bareAddress(mail.to);
  const archive = mail.archive ? bareAddress(mail.archive) : null;
  const envelope: { from: string; to: string[]; rejected?: string[]; rejectedErrors?: unknown[] } = {
    from: bareAddress(mail.returnTo ?? mail.from),
    to: archive === null ? [to] : [to, archive],
  };
  const content = new Readable({
    read() {
      // Asked for only when every recipient was answered: ending here drops the whole transaction.
      if (envelope.rejected?.includes(to)) return void this.destroy(rejectionOf(envelope, to));
      if (archive !== null && envelope.rejected?.includes(archive)) return void this.destroy(new ArchiveRefused());
      if (handing.all) return;
      void mayStill()
        .catch(() => false)
        .then((may) => {
          if (!may) return void this.destroy(new Outrun());
          handing.all = true;
          this.push(composed);
          this.push(null);
        });
    },
  });
  return new Promise((done, fail) => {
    connection.once("error", fail);
    connection.once("end", () => fail(new Error("the connection ended")));
    connection.send(envelope, content, (error) => (error ? fail(error) : done()));
  });
}

/** What the server said of one recipient. */
function rejectionOf({ rejectedErrors = [] }: { readonly rejectedErrors?: readonly unknown[] }, to: string): Error {
  const found = rejectedErrors.find((each) => each instanceof Error && "recipient" in each && each.recipient === to);
  return found instanceof Error ? found : new Error("the recipient was refused");
}

/** The enhanced code at the beginning of a server's answer (RFC 2034, 3). */
function statusOf(error: unknown): string | null {
  const { response } = (error ?? {}) as { readonly response?: unknown };
  return typeof response === "string" ? (/^5\d\d[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? null) : null;
}

/** What a server says of who sends, not of who receives: our quota, our sign-in, our own address (RFC 3463, 3.2, 3.5 and 3.8; RFC 4954, 6). */
const OURS: ReadonlySet<string> = new Set(["5.1.7", "5.1.8", "5.4.5", "5.7.0", "5.7.8", "5.7.9", "5.7.11"]);

/**
 * A permanent answer to the mail (RFC 5321, 4.2.1) is a refusal; what goes wrong before its recipient is named, such as TLS, a
 * sign-in or a quota, is ours to mend, so it is tried again. Silence after everything was written leaves it open whether the mail was
 * taken.
 */
function outcomeOf(error: unknown, all: boolean): TryOutcome {
  const { responseCode, command } = (error ?? {}) as { readonly responseCode?: unknown; readonly command?: unknown };
  if (typeof responseCode !== "number") return all ? "unknown" : "not-taken";
  const isOurs = command === "MAIL FROM" || OURS.has(statusOf(error) ?? "");
  return responseCode >= 500 && !isOurs ? "refused" : "not-taken";
}
