import type { AddressInfo } from "node:net";
import { mailedNoticeSchema, noticeSchema, type WireNotice } from "@jikim/sdk/wire";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** A mail of the centre as its recipient has it. */
export type Arrived = {
  readonly to: string;
  readonly from: string;
  readonly replyTo: string;
  readonly messageId: string;
  readonly subject: string;
  /** Of a notice what was signed; null: a reminder, or an end. */
  readonly notice: WireNotice | null;
};

/** A real SMTP server for everybody outside the centre. */
export type Post = {
  readonly url: string;
  /** Mails that were taken twice: the same Message-ID to the same address. */
  doubled(): number;
  taken(): number;
  close(): Promise<void>;
};

export type PostOptions = {
  /** Whether an address exists; else it is refused when it is named (RFC 5321, 550). */
  readonly exists: (address: string) => boolean;
  readonly arrive: (mail: Arrived) => void;
};

export async function openPost({ exists, arrive }: PostOptions): Promise<Post> {
  const seen = new Set<string>();
  let [taken, doubled] = [0, 0];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ["STARTTLS", "AUTH"], size: 10 << 20 },
    onRcptTo({ address }, _session, done) {
      if (exists(address)) return done();
      done(Object.assign(new Error("5.1.1 no such user"), { responseCode: 550 }));
    },
    onData(stream, session, done) {
      void simpleParser(stream).then((mail) => {
        for (const { address } of session.envelope.rcptTo) {
          const key = `${mail.messageId} ${address}`;
          if (seen.has(key)) doubled++;
          seen.add(key);
          taken++;
          arrive(readArrived(mail, address));
        }
        done();
      }, done);
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    doubled: () => doubled,
    taken: () => taken,
    close: () => new Promise((closed) => server.close(closed)),
  };
}

function readArrived(mail: ParsedMail, to: string): Arrived {
  const file = mail.attachments.find(({ filename }) => filename === "jikim-notice.json");
  const from = mail.from?.value[0]?.address ?? "";
  return {
    ...{ to, from, replyTo: mail.replyTo?.value[0]?.address ?? from },
    ...{ messageId: mail.messageId ?? "", subject: mail.subject ?? "" },
    notice: file === undefined ? null : readNotice(file.content),
  };
}

function readNotice(content: Buffer): Arrived["notice"] {
  const { notice } = mailedNoticeSchema.parse(JSON.parse(content.toString()));
  return noticeSchema.parse(JSON.parse(notice.payload));
}

/** What is written back. An automatic mail says so in its head (RFC 3834). */
export type Reply = { readonly text: string; readonly automatic: boolean };

/** The source of an answer to a mail, as it would lie in the centre's mailbox. */
export function writeReply(to: Arrived, { text, automatic }: Reply, at: number): Buffer {
  return Buffer.from(
    [
      ...[`From: ${to.to}`, `To: ${to.replyTo}`, "Subject: Your notice", `In-Reply-To: ${to.messageId}`],
      ...[`Message-ID: <${crypto.randomUUID()}@${to.to.split("@")[1]}>`, `Date: ${new Date(at).toUTCString()}`],
      ...(automatic ? ["Auto-Submitted: auto-replied"] : []),
      ...["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text, ""],
    ].join("\r\n"),
  );
}

/** The source of a mail server's report that a mail cannot be delivered (RFC 3464). */
export function writeBounce(to: Arrived, at: number): Buffer {
  const part = (type: string, ...lines: readonly string[]) => ["--part", `Content-Type: ${type}`, "", ...lines, ""];
  return Buffer.from(
    [
      ...["From: MAILER-DAEMON@relay.example", `To: ${to.replyTo}`, "Subject: Undelivered Mail Returned to Sender"],
      ...[`Message-ID: <${crypto.randomUUID()}@relay.example>`, `Date: ${new Date(at).toUTCString()}`],
      ...["Auto-Submitted: auto-replied", "MIME-Version: 1.0"],
      ...['Content-Type: multipart/report; report-type=delivery-status; boundary="part"', ""],
      ...part("text/plain", "I could not deliver your message."),
      ...part(
        "message/delivery-status",
        ...["Reporting-MTA: dns; relay.example", ""],
        ...[`Final-Recipient: rfc822; ${to.to}`, "Action: failed", "Status: 5.1.1"],
        "Diagnostic-Code: smtp; 550 5.1.1 no such user",
      ),
      ...part("text/rfc822-headers", `Message-ID: ${to.messageId}`, `To: ${to.to}`, `Subject: ${to.subject}`),
      "--part--",
      "",
    ].join("\r\n"),
  );
}
