/** What the pages about notices ask: who can remove, what is due, answers, standing policies, recipients. */
import type { Signed } from "@jikim/evidence";
import type { desk } from "@jikim/server/contract";
import { ask, post } from "./server.ts";

export type Route = desk.Route;
export type Rung = desk.Rung;
export type Sheet = desk.Sheet;
export type Ground = desk.NoticeGround;
export type DueRow = desk.DueRow;
export type Mail = desk.Mail;
export type Policy = desk.Policy;
export type Recipient = desk.Recipient;
export type RecipientPost = desk.RecipientPost;
export type Drafted = { readonly notices: readonly desk.Notice[]; readonly unreached: readonly string[] };

type Ids = readonly string[];

/** The most places that one request names; the server takes 500. */
const MOST_PLACES = 500;

/** In parts that the server takes; a case has rarely more than one. */
function partsOf(places: Ids): Ids[] {
  const parts: Ids[] = [];
  for (let at = 0; at < places.length; at += MOST_PLACES) parts.push(places.slice(at, at + MOST_PLACES));
  return parts;
}

/** Who can remove what is at these places. */
export async function readRoutes(caseId: string, places: Ids): Promise<readonly Route[]> {
  const routes: Route[] = [];
  for (const part of partsOf(places))
    routes.push(
      ...(await post<{ readonly routes: readonly Route[] }>(`/api/desk/cases/${caseId}/routes`, { places: part }))
        .routes,
    );
  return routes;
}

/** Drafts the fewest notices: to all who are asked first, or to the recipients named. */
export async function draftNotices(caseId: string, places: Ids, recipients: Ids | "all-first-rungs"): Promise<Drafted> {
  const all: Drafted[] = [];
  for (const part of partsOf(places))
    all.push(await post<Drafted>(`/api/desk/cases/${caseId}/notices`, { places: part, recipients }));
  return { notices: all.flatMap(({ notices }) => notices), unreached: all.flatMap(({ unreached }) => unreached) };
}

/** One approval: it names who was read and confirmed, and who may be asked later. */
export const approveNotices = (approval: { readonly notices: Ids; readonly recipients: Ids; readonly later: Ids }) =>
  post<{ readonly approved: Ids }>("/api/desk/notices/approve", approval);
export const draftNextRung = (noticeId: string) => post<Drafted>(`/api/desk/notices/${noticeId}/next`);
/** A web form that waits to be sent by hand: of a notice, or of its end. */
export type WaitingForm = {
  readonly notice: desk.Notice;
  readonly purpose: "notice" | "withdrawal";
  readonly sheet: Sheet;
};
export function formsOf(notice: desk.Notice): readonly WaitingForm[] {
  const { sheet, endSheet, deliveries } = notice;
  if (endSheet !== null) return [{ notice, purpose: "withdrawal", sheet: endSheet }];
  const waits = deliveries.some(({ channel, state }) => channel === "form" && state === "by-hand");
  return sheet !== null && waits ? [{ notice, purpose: "notice", sheet }] : [];
}
export type SentSheet = {
  readonly noticeId: string;
  readonly sentAt: string;
  readonly places: number;
  readonly purpose: WaitingForm["purpose"];
};
/** `places`: how many the sheet had when it was read; the server refuses when others joined it since. */
export const recordSheetSent = ({ noticeId, ...sent }: SentSheet) =>
  post<unknown>(`/api/desk/notices/${noticeId}/sheet`, sent);
export const recordSheetsSent = (caseId: string, sheets: readonly SentSheet[]) =>
  post<unknown>(`/api/desk/cases/${caseId}/sheets`, { sheets });
export const discardDraft = (noticeId: string) => post<unknown>(`/api/desk/notices/${noticeId}/discard`);
export type Doubt = {
  readonly channel: desk.Notice["deliveries"][number]["channel"];
  readonly purpose: DueRow["purpose"];
  readonly answer: "arrived" | "send-again";
};
export const settleDoubt = (noticeId: string, doubt: Doubt) =>
  post<unknown>(`/api/desk/notices/${noticeId}/doubt`, doubt);
export const sendStep = (noticeId: string, recipient: string) =>
  post<unknown>(`/api/desk/notices/${noticeId}/step`, { do: "send", recipient });
export const dropStep = (noticeId: string) => post<unknown>(`/api/desk/notices/${noticeId}/step`, { do: "drop" });
export const sendSteps = (caseId: string, rows: readonly DueRow[]) =>
  post<unknown>(`/api/desk/cases/${caseId}/steps`, {
    do: "send",
    steps: rows.map(({ noticeId, recipient }) => ({ noticeId, recipient: recipient.id })),
  });
export const answerFetches = (caseId: string, places: Ids, answer: "yes" | "no") =>
  post<unknown>(`/api/desk/cases/${caseId}/fetches`, { places, answer });

export const readDue = (kind: DueRow["kind"], cursor: string | null) =>
  ask<desk.Due>(`/api/desk/due?${pageOf({ kind }, cursor)}`);

export type MailLane = "waiting" | "unsorted";
export type MailPage = { readonly rows: readonly Mail[]; readonly next: string | null };
export const readMails = (lane: MailLane, cursor: string | null) =>
  ask<MailPage>(`/api/desk/mail?${pageOf({ lane }, cursor)}`);
export const openMail = (id: string) => ask<desk.OpenMail>(`/api/desk/mail/${id}`);
export const confirmMail = (id: string, as: Mail["class"]) =>
  post<unknown>(`/api/desk/mail/${id}/confirm`, { class: as });
export const confirmMails = (mails: Ids, as: Mail["class"]) =>
  post<{ readonly confirmed: Ids; readonly left: readonly { readonly id: string }[] }>("/api/desk/mail/confirm", {
    class: as,
    mails,
  });
export type Attached = {
  readonly noticeId: string;
  readonly document?: { readonly keyVersion: number; readonly sealed: string };
};
export const attachMail = (id: string, attached: Attached) => post<unknown>(`/api/desk/mail/${id}/attach`, attached);
export const discardMail = (id: string) => post<unknown>(`/api/desk/mail/${id}/discard`);

export const readPolicies = () => ask<readonly Policy[]>("/api/desk/policies");
export const sendPolicy = (policy: Signed) => post<Policy>("/api/desk/policies", { policy });
export const revokePolicy = (id: string) => post<unknown>(`/api/desk/policies/${id}`, { change: "revoke" });

export const readRecipients = () => ask<readonly Recipient[]>("/api/desk/recipients");
export const addRecipient = (recipient: RecipientPost) => post<Recipient>("/api/desk/recipients", recipient);
export type RecipientHistory = desk.RecipientHistory;
export const readRecipientHistory = (id: string) => ask<RecipientHistory>(`/api/desk/recipients/${id}/changes`);
export const correctRecipient = (id: string, change: desk.RecipientChange) =>
  post<unknown>(`/api/desk/recipients/${id}`, change);
export const markHostile = (id: string, hostile: boolean) => post<unknown>(`/api/desk/recipients/${id}`, { hostile });

function pageOf(question: Readonly<Record<string, string>>, cursor: string | null): URLSearchParams {
  return new URLSearchParams({ ...question, limit: "50", ...(cursor === null ? {} : { cursor }) });
}
