import { createHash, randomUUID } from "node:crypto";
import { type ClassedMail, classMail, isDeadAddress, isSureClass } from "@jikim/casework";
import { seal } from "@jikim/evidence";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { checkClaim } from "../notices/answer.ts";
import { goAnotherWay } from "../notices/next-way.ts";
import { type Bounced, failBounced } from "../store/bounce.ts";
import { reviveAnswering } from "../store/dead-address.ts";
import { recordDocument } from "../store/document.ts";
import { isErased } from "../store/erased-notice.ts";
import {
  findNoticeOf,
  insertMail,
  insertUnsorted,
  keyOfContent,
  type MailContent,
  type MailPlace,
  recordCopy,
} from "../store/mail.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { bareAddress, readIds, readMessageId, readPlusTags } from "./address.ts";
import type { ReadMail } from "./read-mail.ts";

/** recorded, or known before: it may leave the mailbox · erased: of a case that was erased, so it is not kept anywhere · later: not yet. */
export type Recorded = "recorded" | "known" | "erased" | "later";

/** Undoes a transaction that was begun for nothing. */
class Undone extends Error {
  override readonly name = "Undone";
  readonly recorded: "known" | "later";
  constructor(recorded: "known" | "later") {
    super(recorded);
    this.recorded = recorded;
  }
}

/**
 * Records a mail, once. Its words are sealed to the case of the notice that it answers; what belongs to no notice waits under the
 * data key for a person. Of a guess nothing follows; only a mail server's word that a notice did not arrive ends its delivery.
 */
export async function recordMail(jikim: Jikim, read: ReadMail, place: MailPlace): Promise<Recorded> {
  const { db, vault, config } = jikim;
  if (read.messageId !== null && (await isOurs(jikim, read.messageId))) {
    await recordCopy(db, vault, read.messageId, jikim.now());
    return "recorded";
  }
  const classed = classOf(read, ownAddresses(jikim));
  const found = await findThread(jikim, read);
  const base = {
    ...place,
    id: randomUUID(),
    contentKey: keyOfContent(vault, identityOf(read)),
    ...{ class: classed.class, rule: classed.rule, pressing: isPressing(classed, read.automatic) },
  };
  const content = contentOf(read, classed);
  if (found === null && (await isErased(db, idsOf(read, config.mailFrom)))) return "erased";
  if (found === null)
    return (await insertUnsorted(db, vault, { ...base, content }, jikim.now())) ? "recorded" : "known";
  const bounced = classed.rule === "bounce-hard" ? bouncedOf(read, found.id, config.mailFrom) : null;
  const dead = bounced === null ? [] : deadOf(read, ownAddresses(jikim));
  return db
    .transaction()
    .execute((tx) => recordAnswerMail(tx, jikim, { base, content, found, bounced, dead }))
    .catch((error: unknown) => {
      if (error instanceof Undone) return error.recorded;
      throw error;
    });
}

type Base = Parameters<typeof insertUnsorted>[2] extends infer M ? Omit<M, "content"> : never;
type Thread = { readonly id: string; readonly caseId: string; readonly foundBy: "address" | "reference" | "text" };
type Answering = {
  readonly base: Base & MailPlace;
  readonly content: MailContent;
  readonly found: Thread;
  readonly bounced: Bounced | null;
  readonly dead: readonly Dead[];
};

/** An address that takes no mail, and the status that says so. */
type Dead = { readonly mail: string; readonly status: string };

async function recordAnswerMail(tx: InTransaction, jikim: Jikim, answering: Answering): Promise<Recorded> {
  const { base, content, found, bounced, dead } = answering;
  const now = jikim.now();
  const caseRow = await lockCase(tx, found.caseId);
  if (caseRow === undefined) throw new Undone("later");
  const sealed = await seal({ by: "recipient", content }, [caseRow.caseRecipient]);
  const documentId = randomUUID();
  await recordDocument(tx, {
    ...{ id: documentId, caseId: found.caseId, kind: "answer", staffId: null, at: now },
    sealed: Buffer.from(sealed).toString("base64url"),
  });
  const state = base.class === "bounce" ? "settled" : "waiting";
  const notice = { id: found.id, foundBy: found.foundBy, documentId };
  const looks = isClaim(base, found) ? await checkClaim(tx, jikim, found.id) : "none";
  const pressing = base.pressing && looks !== "all";
  if (!(await insertMail(tx, { ...base, pressing, state, notice }, now))) throw new Undone("known");
  for (const refused of dead) await goAnotherWay(tx, jikim, { noticeId: found.id, ...refused });
  if (base.class !== "bounce") await reviveAnswering(tx, found.id);
  if (bounced !== null && (await failBounced(tx, bounced, now)) === "later") throw new Undone("later");
  await refreshNext(tx, jikim.vault, found.caseId, now);
  return "recorded";
}

/** Only who got the notice, or our own archive, knows its Message-ID: it holds the notice's random id. */
async function isOurs({ db, config }: Jikim, messageId: string): Promise<boolean> {
  const own = readMessageId(messageId, config.mailFrom);
  return own !== null && (await findNoticeOf(db, [own.noticeId])) !== null;
}

/** Which notice it is about: by the address it came to, what it replies to or returns, and at last by an id in its words. */
async function findThread({ db, config }: Jikim, read: ReadMail): Promise<Thread | null> {
  const { mailFrom } = config;
  for (const [foundBy, ids] of waysTo(read, mailFrom)) {
    const notice = await findNoticeOf(db, ids);
    if (notice !== null) return { ...notice, foundBy };
  }
  return null;
}

/** Ids of notices that a mail names, by where they stand. */
function waysTo(read: ReadMail, mailFrom: string) {
  const referred = [...read.references, ...read.returned].reverse();
  return [
    ["address", readPlusTags(read.addressed, mailFrom)],
    ["reference", referred.flatMap((id) => readMessageId(id, mailFrom)?.noticeId ?? [])],
    ["text", readIds(`${read.subject}\n${read.text}`).slice(0, MOST_IDS)],
  ] as const;
}

/** Also our own copies, which name their notice in their Message-ID. */
function idsOf(read: ReadMail, mailFrom: string): readonly string[] {
  const own = read.messageId === null ? null : readMessageId(read.messageId, mailFrom);
  return [...(own === null ? [] : [own.noticeId]), ...waysTo(read, mailFrom).flatMap(([, ids]) => ids)];
}

/** Ids in a text that are looked up. */
const MOST_IDS = 20;

/** Our mailbox's own addresses, by what they look like: what a mail server says of these is not of the recipient. */
function ownAddresses({ config }: Jikim): (address: string | null) => boolean {
  const [local = "", domain = ""] = bareAddress(config.mailFrom).toLowerCase().split("@");
  const archive = config.mail.archive?.toLowerCase() ?? null;
  return (address) =>
    address !== null &&
    (address === archive || (address.endsWith(`@${domain}`) && address.split("@")[0]?.split("+")[0] === local));
}

function classOf(read: ReadMail, isOwn: (address: string | null) => boolean): ClassedMail {
  const { subject, text, automatic } = read;
  const delivery = read.delivery?.filter((each) => !isOwn(each.original) && !isOwn(each.recipient)) ?? null;
  if (read.delivery?.length && delivery?.length === 0) return { class: "auto-reply", rule: "own-copy", phrase: null };
  return classMail({ subject, text, automatic, delivery });
}

/** That all is gone, in plain words to the notice itself: no act is asked of a person, since checks find out. */
function isClaim({ class: of, rule }: Pick<Base, "class" | "rule">, { foundBy }: Pick<Thread, "foundBy">): boolean {
  return of === "removed" && foundBy !== "text" && isSureClass({ class: of, rule });
}

/** A receipt, and a machine's word that somebody is away, can wait; what else a person writes cannot. */
function isPressing({ class: of, rule }: ClassedMail, automatic: boolean): boolean {
  if (of === "bounce") return false;
  return !(of === "receipt" && (automatic || isSureClass({ class: of, rule }))) && !(of === "auto-reply" && automatic);
}

/** Addresses of the recipient that a report calls unknown; how it was written by us comes first. */
function deadOf({ delivery }: ReadMail, isOwn: (address: string | null) => boolean): readonly Dead[] {
  return (delivery ?? []).flatMap(({ kind, status, original, recipient }) => {
    if (kind !== "hard" || !isDeadAddress(status) || isOwn(original) || isOwn(recipient)) return [];
    return [original, recipient].flatMap((mail) => (mail === null ? [] : [{ mail, status }]));
  });
}

const PURPOSES = { 1: "notice", 2: "reminder", 3: "withdrawal" } as const;

/** Which of the mails about a notice came back, by the Message-ID that is returned; the notice itself when it is not told. */
function bouncedOf(read: ReadMail, noticeId: string, mailFrom: string): Bounced {
  const own = [...read.returned, ...read.references].flatMap((id) => readMessageId(id, mailFrom) ?? []);
  const number = own.find((mail) => mail.noticeId === noticeId)?.number ?? 1;
  return { noticeId, purpose: PURPOSES[number as keyof typeof PURPOSES] ?? "notice" };
}

/** The same mail in two places of a mailbox has the same Message-ID and words; one without Message-ID, the same source. */
function identityOf({ messageId, text, digest }: ReadMail): string {
  if (messageId === null) return `source ${digest}`;
  return `message ${messageId} ${createHash("sha256").update(text).digest("hex")}`;
}

function contentOf(read: ReadMail, { phrase }: ClassedMail): MailContent {
  const { from, subject, text, cut, parts } = read;
  return { from, subject, text, phrase: phrase ?? "", cut, parts };
}
