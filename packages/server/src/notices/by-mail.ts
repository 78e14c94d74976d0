import type { Config } from "../config.ts";
import type { Jikim } from "../jikim.ts";
import { messageIdOf, plusAddress, probeIdOf } from "../mail/address.ts";
import { findCopy } from "../mail/archive.ts";
import type { Mail, MailFile } from "../mail/compose.ts";
import { answerTo, type NoticePost, noticeMail } from "../mail/notice-mail.ts";
import { handMail, mailWay } from "../mail/transport.ts";
import { findOutgoing, isUnderWay, type Outgoing } from "../store/delivery.ts";
import { openWritten } from "../store/notice.ts";
import type { Found, Handed } from "./handed.ts";
import type { Parcel } from "./parcel.ts";
import { signForMail } from "./wire.ts";

export async function handMailOver(jikim: Jikim, parcel: Parcel): Promise<Handed> {
  const { config, vault } = jikim;
  const { mail: to, xarf } = parcel.recipient.card;
  if (to === null) return { outcome: "refused", reference: null };
  const way = mailWay(config);
  if (way === null) return { outcome: "not-taken", reference: null };
  const { html, xarf: reports } = openWritten(vault, parcel.row);
  const follows = await findFollowed(jikim, parcel);
  const post = { to, from: config.mailFrom, archive: parcel.unarchived ? null : archiveOf(config), follows };
  const papers = {
    ...(html === "" ? {} : { html }),
    reports: xarf ? reports : [],
    files: parcel.letter === null ? await printLetter(jikim, html) : [],
  };
  const mailed = { ...parcel, signed: signForMail(jikim, parcel.signed) };
  const handed = await handMail(way, writeMail(mailed, post, papers), () => isUnderWay(jikim.db, parcel));
  return { ...handed, reference: null };
}

/** The letter on paper. What cannot be printed now holds no notice up. */
async function printLetter({ printer }: Jikim, html: string): Promise<readonly MailFile[]> {
  const pdf = html === "" || printer === undefined ? null : await printer.print(html).catch(() => null);
  return pdf === null ? [] : [{ name: "letter.pdf", type: "application/pdf", content: Buffer.from(pdf) }];
}

/** The mail that a reminder or a withdrawal follows: the notice's own, where it left by mail and did not come back. */
async function findFollowed({ db, config }: Jikim, { noticeId, purpose }: Parcel): Promise<string | null> {
  if (purpose === "notice") return null;
  const wasMailed = (await findOutgoing(db, noticeId)).some(
    (one) => one.purpose === "notice" && one.channel === "mail" && one.delivery.state === "sent",
  );
  return wasMailed ? messageOf({ noticeId, purpose: "notice" }, config.mailFrom) : null;
}

type Post = { readonly to: string; readonly from: string; readonly archive: string | null } & Pick<Mail, "follows">;

/** Of the mails about one notice, in the order in which they can leave; the first has the notice's own Message-ID. */
const NUMBERS = { notice: "", reminder: ".2", withdrawal: ".3" } as const;

function messageOf({ noticeId, purpose }: Pick<Parcel, "noticeId" | "purpose">, from: string): string {
  return messageIdOf(`${noticeId}${NUMBERS[purpose]}`, from);
}

function writeMail(parcel: Parcel, post: Post, papers: Omit<NoticePost, keyof Post>): Mail {
  const { letter, noticeId, signed, certificate } = parcel;
  if (letter === null) return noticeMail(signed, certificate, { ...post, ...papers });
  return { ...post, ...answerTo(post.from, noticeId), ...letter, messageId: messageOf(parcel, post.from) };
}

/** Whether a blind copy of what left can be looked for. */
export function hasArchive({ mail }: Pick<Config, "mail">, { unarchived }: Pick<Outgoing, "unarchived">): boolean {
  return mail.inbox !== null && unarchived !== true;
}

/** Where the blind copy goes; null: there is nowhere to look for it. */
function archiveOf({ mail, mailFrom }: Pick<Config, "mail" | "mailFrom">): string | null {
  return mail.inbox === null ? null : (mail.archive ?? plusAddress(mailFrom, "archive"));
}

/** Looks for the blind copy of what may have left. */
export async function lookForMail(jikim: Jikim, parcel: Parcel): Promise<Found> {
  const { config } = jikim;
  const archive = archiveOf(config);
  if (archive === null) return { evidence: "unavailable", reference: null };
  const messageId = messageOf(parcel, config.mailFrom);
  const probeId = probeIdOf(messageId, parcel.delivery.tries);
  return { evidence: await findCopy(jikim, { messageId, probeId, archive }), reference: null };
}
