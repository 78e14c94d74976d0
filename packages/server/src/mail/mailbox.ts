import { ImapFlow } from "imapflow";
import type { Jikim } from "../jikim.ts";
import { isRecorded, keyOfMailbox } from "../store/mail.ts";
import { type Recorded, recordMail } from "./intake.ts";
import { type MailReader, MOST_MAIL } from "./read-mail.ts";
import type { MailboxSettings } from "./settings.ts";
import { isHere } from "./transport.ts";

/** Takes lines of the log: kinds of trouble, never what a mail held. */
type Say = (line: Readonly<Record<string, unknown>>) => void;

/** Mails of one look; what is beyond comes with the next. */
const MOST_AT_ONCE = 500;
const TIMEOUT_MS = 30_000;

/** A connection to our mailbox. TLS is insisted on off this machine. @throws when it cannot be opened. */
export async function openMailbox({ config }: Jikim, inbox: MailboxSettings): Promise<ImapFlow> {
  const url = new URL(inbox.url);
  const secure = url.protocol === "imaps:";
  const { ca } = config.mail;
  const client = new ImapFlow({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 993 : 143) : Number(url.port),
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    ...{ secure, ...(secure ? {} : { doSTARTTLS: !isHere(url) }), logger: false, disableCompression: true },
    tls: { minVersion: "TLSv1.2", ...(ca === null ? {} : { ca }) },
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, autoIdleDelay: 500 },
    ...{ maxLineLength: 1024 * 1024, maxLiteralSize: MOST_MAIL + 1024, maxResponseSize: 2 * MOST_MAIL },
  });
  // What went wrong is found by the command that it ends.
  client.on("error", () => undefined);
  await client.connect();
  if (inbox.done !== null) await client.mailboxCreate(inbox.done).catch(() => undefined);
  return client;
}

export type Reading = {
  readonly client: ImapFlow;
  readonly inbox: MailboxSettings;
  readonly reader: MailReader;
  readonly say: Say;
};

/**
 * Reads what is in the mailbox, oldest first. A mail leaves it only after it was recorded: one whose recording was cut off is read
 * again and known. @returns how many were newly recorded.
 */
export async function readMailbox(jikim: Jikim, { client, inbox, reader, say }: Reading): Promise<number> {
  const lock = await client.getMailboxLock(inbox.folder);
  try {
    const { mailbox } = client;
    if (mailbox === false) return 0;
    const mailboxKey = keyOfMailbox(jikim.vault, `${inbox.url} ${inbox.folder} ${mailbox.uidValidity}`);
    const uids = (await client.search({ all: true }, { uid: true })) || [];
    let recorded = 0;
    for (const uid of uids.sort((a, b) => a - b).slice(0, MOST_AT_ONCE)) {
      const result = await takeMail(jikim, { client, reader }, { mailboxKey, uid }).catch((error: unknown) => {
        if (!client.usable) throw error;
        say({ level: "error", mail: error instanceof Error ? error.name : typeof error });
        return "later" as const;
      });
      if (result === "recorded") recorded++;
      if (result === "erased") await client.messageDelete(String(uid), { uid: true });
      else if (result !== "later") await putAway(client, inbox, uid);
    }
    return recorded;
  } finally {
    lock.release();
  }
}

type Taking = Pick<Reading, "client" | "reader">;

async function takeMail(
  jikim: Jikim,
  { client, reader }: Taking,
  place: { readonly mailboxKey: Buffer; readonly uid: number },
): Promise<Recorded> {
  if (await isRecorded(jikim.db, place)) return "known";
  // One byte more than is read, so that a longer mail is seen to be longer.
  const wanted = { source: { start: 0, maxLength: MOST_MAIL + 1 } };
  const fetched = await client.fetchOne(String(place.uid), wanted, { uid: true });
  if (!fetched || fetched.source === undefined) return "later";
  return recordMail(jikim, await reader.read(fetched.source), place);
}

async function putAway(client: ImapFlow, { done }: MailboxSettings, uid: number): Promise<void> {
  if (done === null) await client.messageDelete(String(uid), { uid: true });
  else await client.messageMove(String(uid), done, { uid: true });
}
