import type { EventEmitter } from "node:events";
import type { Readable } from "node:stream";
import { type RecipientStatus, readDeliveryStatus } from "@jikim/casework";
import { type AttachmentStream, MailParser, type MessageText } from "mailparser";

import { CharsetStream, isUtf8 } from "./charset.ts";
import { readMessageIds } from "./head.ts";
import { tidy, wordsOfHtml } from "./words.ts";

/** A file of a mail after it was dropped: it is hashed in passing, never opened and never kept. */
export type DroppedPart = { readonly type: string; readonly bytes: number; readonly sha256: string };

export type MailBody = {
  readonly text: string;
  /** Longer than what is kept, or with more parts than are told. */
  readonly cut: boolean;
  readonly parts: readonly DroppedPart[];
  /** Of a delivery report; null: it is none. */
  readonly delivery: readonly RecipientStatus[] | null;
  /** Message-IDs in what a delivery report returns. */
  readonly returned: readonly string[];
};

/** Characters of a mail's words that are kept. Ours. */
const MOST_TEXT = 16_384;
const MOST_HTML = 1024 * 1024;
/** Parts of one mail, and with it their depth; of one with more the rest is not read. Ours: mails of abuse desks have fewer than ten. */
const MOST_PARTS = 100;
const MOST_TOLD = 30;
/** Lines that are read: as many as a mail of the greatest size has at 60 bytes each. Ours; the parser's time goes by lines. */
const MOST_LINES = 200_000;
/** Bytes of one part's own headers. */
const MOST_PART_HEAD = 16 * 1024;
/** Bytes of a delivery report's own parts that are read. */
const MOST_REPORT = 64 * 1024;
const REPORTS: ReadonlySet<string> = new Set(["message/delivery-status", "message/global-delivery-status"]);
const RETURNED: ReadonlySet<string> = new Set(["message/rfc822", "text/rfc822-headers", "message/rfc822-headers"]);

/**
 * Reads the body of a foreign mail. It may hold the picture: everything but words and delivery reports is hashed and dropped as it
 * passes. Runs where it can be ended from outside (`read-mail.ts`), since parsers can be made to run long.
 *
 * @param form  the headers that say how the body is written, with the empty line that ends them.
 * @throws when no parser can make sense of it.
 */
export async function readBody(form: Buffer, body: Buffer): Promise<MailBody> {
  const parser = openParser();
  const found = { parts: 0, told: [] as DroppedPart[], reports: [] as string[], returned: [] as string[] };
  const drops: Promise<void>[] = [];
  let isWhole = true;
  // Mailparser ends as if all were well where its splitter gives up over a limit; only the splitter says so.
  (parser as unknown as { readonly splitter: EventEmitter }).splitter.on("error", () => {
    isWhole = false;
  });
  const reading = new Promise<MessageText>((done, fail) => {
    parser.once("error", fail);
    parser.on("data", (data: AttachmentStream | MessageText) => {
      if (data.type === "text") done(data);
      else drops.push(dropPart(data, found).then(() => data.release()));
    });
    parser.once("end", () => done({ type: "text" } as MessageText));
  });
  const read = body.subarray(0, endOfLines(body));
  parser.end(Buffer.concat([withCharset(form, read), read]));
  const { text, html } = await reading;
  await Promise.all(drops);
  const plain = tidy((text ?? "").slice(0, MOST_HTML));
  const words =
    plain === "" ? wordsOfHtml((typeof html === "string" ? html : "").slice(0, MOST_HTML), MOST_HTML) : plain;
  return {
    text: words.slice(0, MOST_TEXT),
    cut: !isWhole || words.length > MOST_TEXT || found.parts > found.told.length || read.length < body.length,
    parts: found.told,
    delivery: found.reports.length === 0 ? null : found.reports.flatMap((report) => readDeliveryStatus(report)),
    returned: found.returned,
  };
}

/** Mailsplit's own, which mailparser hands on: a mail within a mail is a part like any other. */
const SPLITTING: object = { ignoreEmbedded: true, maxChildNodes: MOST_PARTS, maxHeadSize: MOST_PART_HEAD };

function openParser(): MailParser {
  return new MailParser({
    ...SPLITTING,
    Iconv: CharsetStream as never,
    checksumAlgo: "sha256",
    keepDeliveryStatus: true,
    skipHtmlToText: true,
    skipImageLinks: true,
    skipTextLinks: true,
    skipTextToHtml: true,
  });
}

function endOfLines(body: Buffer): number {
  let at = 0;
  for (let lines = 0; lines < MOST_LINES; lines++) {
    const found = body.indexOf(0x0a, at);
    if (found < 0) return body.length;
    at = found + 1;
  }
  return at;
}

type Found = { parts: number; told: DroppedPart[]; reports: string[]; returned: string[] };

async function dropPart(part: AttachmentStream, found: Found): Promise<void> {
  const type = (part.contentType ?? "application/octet-stream").toLowerCase().slice(0, 100);
  const isReport = REPORTS.has(type);
  const kept = await pass(part.content as Readable, isReport || RETURNED.has(type) ? MOST_REPORT : 0);
  if (isReport) found.reports.push(kept);
  else if (RETURNED.has(type)) found.returned.push(...ownIdsOf(kept));
  found.parts++;
  const { size, checksum } = part as unknown as { readonly size?: number; readonly checksum?: string };
  if (found.told.length < MOST_TOLD) found.told.push({ type, bytes: size ?? 0, sha256: checksum ?? "" });
}

/** Lets a stream pass and keeps its beginning. */
async function pass(content: Readable, most: number): Promise<string> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    if (length < most) kept.push(chunk.subarray(0, most - length));
    length += chunk.length;
  }
  return Buffer.concat(kept).toString("latin1");
}

/** The Message-ID of the mail that is returned, not those that its body may name. */
function ownIdsOf(mail: string): string[] {
  const head = mail.split(/\r?\n\r?\n/, 1)[0] ?? "";
  const unfolded = head.replace(/\r?\n[ \t]+/g, " ");
  const line = unfolded.split(/\r?\n/).find((each) => /^message-id:/i.test(each));
  return line === undefined ? [] : readMessageIds(line).slice(0, 1);
}

/** Old Korean mail names no charset, or ASCII, and is EUC-KR all the same. */
function withCharset(form: Buffer, body: Buffer): Buffer {
  const said = form.toString("latin1");
  const type = /^content-type:\s*([^;\r\n]*)(.*)$/im.exec(said);
  const isText = type === null || /^text\//i.test(type[1]?.trim() ?? "");
  const isEncoded = /^content-transfer-encoding:\s*(base64|quoted-printable)/im.test(said);
  const charset = /charset\s*=\s*"?([^";\s]*)/i.exec(type?.[2] ?? "")?.[1]?.toLowerCase() ?? "";
  if (!isText || isEncoded || !["", "ascii", "us-ascii"].includes(charset) || isUtf8(body)) return form;
  const rest = said.replace(/^content-type:.*\r\n/im, "");
  return Buffer.from(`content-type: ${type?.[1]?.trim() || "text/plain"}; charset=euc-kr\r\n${rest}`, "latin1");
}
