import type { AddressInfo } from "node:net";
import type { JikimRefusal } from "@jikim/sdk";
import { simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerDataStream } from "smtp-server";
import type { Linked } from "./following.ts";

/** Takes notices by mail. Who sent a mail and what its text says count for nothing: only the signed attachment does. */
export type Mailbox = { readonly port: number; close(): Promise<void> };

export const NOTICE_FILE = "jikim-notice.json";
const MOST_BYTES = 2 << 20;

type Parts = { readonly port: number; linked(): Linked; log(event: Record<string, unknown>): void };

export async function openMailbox({ port, linked, log }: Parts): Promise<Mailbox> {
  const server = new SMTPServer({
    name: "board.invalid",
    size: MOST_BYTES,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    logger: false,
    onData(stream, _session, callback) {
      takeMail(stream, linked()).then(
        (noticeId) => {
          log({ event: "mail-taken", noticeId });
          callback(null);
        },
        (problem: unknown) => {
          const code = (problem as JikimRefusal).code ?? "NOT_READABLE";
          log({ event: "mail-refused", code });
          callback(smtpError(code));
        },
      );
    },
  });
  server.on("error", () => log({ event: "mail-connection-failed" }));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function takeMail(stream: SMTPServerDataStream, linked: Linked): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  }
  if (bytes > MOST_BYTES) throw problem("TOO_LARGE");
  if (typeof linked === "string") throw problem("NOT_SET_UP");
  const mail = await simpleParser(Buffer.concat(chunks), { skipHtmlToText: true, skipTextToHtml: true });
  const notices = mail.attachments.filter((attachment) => attachment.filename === NOTICE_FILE);
  const [notice] = notices;
  if (notice === undefined || notices.length > 1) throw problem("NO_NOTICE");
  return (await linked.takeNotice(notice.content.toString("utf8"))).noticeId;
}

/** 4xx is tried again by the sender, 5xx is not. */
function smtpError(code: string): Error {
  const again = code === "NOT_SET_UP" || code === "HANDLER_FAILED" || code === "STORE_FAILED";
  return Object.assign(new Error(`the mail was not taken: ${code}`), { responseCode: again ? 451 : 550 });
}

function problem(code: string): Error {
  return Object.assign(new Error(code), { code });
}
