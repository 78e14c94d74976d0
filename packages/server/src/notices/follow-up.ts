import {
  chooseEndWords,
  countsAsMinor,
  type FollowUp,
  isLive,
  type NoticeFacts,
  writeEnd,
  writeReminder,
} from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { findCentre } from "../store/centre.ts";
import type { Purpose } from "../store/delivery.ts";
import { findCase } from "../store/next.ts";
import { findPlacesLeft, type NoticeRow, openLetter } from "../store/notice.ts";
import { findPlatform } from "../store/platform.ts";
import type { Recipient } from "../store/recipient.ts";
import { openCodes } from "../store/sealed.ts";
import { mayLeave } from "./guard.ts";

/** What is about to be said after a notice, and what its guards know; case and notice are locked, unless it is only shown. */
export type Asking = {
  readonly row: NoticeRow;
  readonly recipient: Recipient;
  readonly facts: NoticeFacts;
  readonly purpose: Exclude<Purpose, "notice">;
};

export type MayFollowUp =
  | { readonly do: "say"; readonly letter: FollowUp }
  | { readonly do: "wait"; readonly until: Temporal.Instant }
  | { readonly do: "drop" };

/** Hours until a withdrawal that may not be told yet is looked at again. Ours. */
const WAIT_HOURS = 6;

/** Whether a reminder or the end of a request may be told now, and in which words. */
export async function mayFollowUp(
  tx: InTransaction,
  jikim: Pick<Jikim, "vault" | "now">,
  asking: Asking,
): Promise<MayFollowUp> {
  const { row, recipient } = asking;
  const { settings } = await findCentre(tx);
  const { language } = recipient.card;
  const { subject } = openLetter(jikim.vault, row);
  const facts = { noticeId: row.id, centre: settings.name[language], subject };
  if (asking.purpose === "reminder")
    return (await mayRemind(tx, asking)) ? { do: "say", letter: writeReminder(facts, language) } : { do: "drop" };
  const words = await findEndWords(tx, jikim, asking);
  if (words === "nothing") return { do: "drop" };
  if (words === "wait") return { do: "wait", until: jikim.now().add({ hours: WAIT_HOURS }) };
  return { do: "say", letter: writeEnd(facts, words, language) };
}

async function mayRemind(tx: InTransaction, { row, facts }: Asking): Promise<boolean> {
  return isUnanswered(row) && mayLeave(facts) && (await findPlacesLeft(tx, row.id)).length > 0;
}

/** Whether the answer to a notice is still waited for: that it was received is no answer to what it asks. */
export function isUnanswered(row: Pick<NoticeRow, "state" | "answer" | "endedAt">): boolean {
  return row.endedAt === null && (row.state === "sent" || (row.state === "answered" && row.answer === "received"));
}

async function findEndWords(tx: InTransaction, { vault }: Pick<Jikim, "vault">, { row, recipient, facts }: Asking) {
  // She wants removal again: what was not told yet is not told.
  if (isLive(facts.remove)) return "nothing" as const;
  const caseRow = await findCase(tx, row.caseId);
  if (caseRow === undefined) return "nothing" as const;
  const codes = openCodes(vault, caseRow);
  return chooseEndWords({
    ...{ recipientHostile: facts.recipientHostile, threatActive: facts.threatActive, policeHold: facts.policeHold },
    danger: codes.danger,
    minor: countsAsMinor(codes.ageBand),
    known: recipient.foundBy === "registry" || (await findPlatform(tx, recipient.id)) !== null,
    removed: row.answer === "removed" || (await findPlacesLeft(tx, row.id)).length < facts.places,
  });
}
