import { buffer } from "node:stream/consumers";
import DKIM from "nodemailer/lib/dkim";
import MimeNode from "nodemailer/lib/mime-node";
import { bareAddress } from "./address.ts";
import type { Dkim } from "./settings.ts";

/** A file that goes with a mail. */
export type MailFile = { readonly name: string; readonly type: string; readonly content: string | Buffer };

/** A mail as it leaves. */
export type Mail = {
  readonly to: string;
  readonly from: string;
  readonly replyTo?: string;
  readonly messageId: string;
  /** Message-ID of the mail that this one follows, so that both stand together where they are read. */
  readonly follows?: string | null;
  readonly subject: string;
  readonly text: string;
  /** A whole document that loads nothing. */
  readonly html?: string;
  readonly files?: readonly MailFile[];
  /** XARF reports; the mail is then a report for machines too (RFC 5965). Empty: an ordinary mail. */
  readonly reports?: readonly object[];
  /** Where mail servers return what they cannot deliver; the sender when left out. */
  readonly returnTo?: string;
  /** Gets the same mail in the same transaction, and stands nowhere in it. */
  readonly archive?: string | null;
};

/** @returns the mail as it is handed over (RFC 5322), signed when asked. */
export async function composeMail(mail: Mail, dkim: Dkim | null): Promise<Buffer> {
  const files = filesOf(mail.files ?? []);
  const root = mail.reports?.length ? reportOf(mail, mail.reports, files) : letterOf(mail, files);
  root.setHeader({
    from: mail.from,
    to: mail.to,
    ...(mail.replyTo ? { "reply-to": mail.replyTo } : {}),
    subject: mail.subject,
    "message-id": mail.messageId,
    // What is followed follows nothing itself, so that it is all of the thread (RFC 5322, 3.6.4).
    ...(mail.follows ? { "in-reply-to": mail.follows, references: mail.follows } : {}),
    // So that no machine answers a machine (RFC 3834, 5).
    "auto-submitted": "auto-generated",
  });
  const built = await root.build();
  // A sender who says nothing of the centre is not signed for by it.
  if (dkim === null || !isUnder(mail.from, dkim.domain)) return built;
  const signer = new DKIM({ domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.key });
  return buffer(signer.sign(built));
}

/** Whether a sender's address is of a domain, or of one below it. */
function isUnder(from: string, domain: string): boolean {
  const host = bareAddress(from).split("@").at(-1)?.toLowerCase() ?? "";
  return host === domain.toLowerCase() || host.endsWith(`.${domain.toLowerCase()}`);
}

const newNode = (type: string, named: { readonly filename?: string } = {}) =>
  new MimeNode(type, { newline: "\r\n", disableFileAccess: true, disableUrlAccess: true, ...named });

function letterOf(mail: Mail, files: readonly MimeNode[]): MimeNode {
  if (files.length === 0) return wordsOf(mail);
  const root = newNode("multipart/mixed");
  for (const part of [wordsOf(mail), ...files]) root.appendChild(part);
  return root;
}

function wordsOf({ text, html }: Mail): MimeNode {
  const plain = newNode("text/plain; charset=utf-8").setContent(text);
  if (html === undefined) return plain;
  const root = newNode("multipart/alternative");
  root.appendChild(plain);
  root.appendChild(newNode("text/html; charset=utf-8").setContent(html));
  return root;
}

function filesOf(files: readonly MailFile[]): MimeNode[] {
  return files.map(({ name, type, content }) => {
    const node = newNode(type, { filename: name });
    node.setHeader("content-transfer-encoding", "base64");
    return node.setContent(content);
  });
}

/**
 * A feedback report: words, what a machine reads of them, and the reports with the other files as its third part, since a report has
 * three at most (RFC 6522, 3).
 */
function reportOf(mail: Mail, reports: readonly object[], files: readonly MimeNode[]): MimeNode {
  const root = newNode("multipart/report; report-type=feedback-report");
  const third = newNode("multipart/mixed");
  const xarf = reports.map((report, at) => ({
    name: at === 0 ? "xarf.json" : `xarf-${at + 1}.json`,
    type: "application/json",
    content: JSON.stringify(report),
  }));
  for (const part of [...filesOf(xarf), ...files]) third.appendChild(part);
  const feedback = newNode("message/feedback-report").setContent(feedbackOf(reports));
  for (const part of [wordsOf(mail), feedback, third]) root.appendChild(part);
  return root;
}

/** The longest line of a mail, in bytes, without its end (RFC 5322, 2.1.1). */
const MOST_LINE = 998;

/** RFC 5965, 3: the type, who made it and the version are required; what it is about is named where a line holds it. */
function feedbackOf(reports: readonly object[]): string {
  const urls = reports.flatMap((report) => ("url" in report && typeof report.url === "string" ? [report.url] : []));
  const uris = urls.flatMap((url) => (URL.canParse(url) ? [`Reported-URI: ${new URL(url).href}`] : []));
  const lines = ["Feedback-Type: other", "User-Agent: Jikim/0.1", "Version: 1", ...uris];
  return `${lines.filter((line) => line.length <= MOST_LINE).join("\r\n")}\r\n`;
}
