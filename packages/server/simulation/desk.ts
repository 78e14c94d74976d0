import type { desk } from "../src/contract.ts";
import { giveCase, lookThrough, type Person, recordMandate } from "./staff.ts";

/** Acts of one person in an hour: one in three minutes, beside everything else she does. Ours, no source. */
const ACTS_AN_HOUR = 20;

export type Desk = {
  readonly intake: Person;
  readonly caseworkers: readonly Person[];
  readonly recovery: string;
  readonly now: () => number;
};

/** Gives new cases out in turn, then everybody does what the desk shows her, most pressing first. */
export async function workAnHour(at: Desk, given: { count: number }): Promise<void> {
  const waiting = await lookThrough<desk.QueueRow>(at.intake, "/api/desk/cases?lane=queue");
  for (const { id } of waiting.filter(({ assignedTo, state }) => state === "received" && assignedTo === null)) {
    const to = at.caseworkers[given.count++ % at.caseworkers.length]?.staff;
    if (to !== undefined) await giveCase(at.intake, { caseId: id, to, recovery: at.recovery });
  }
  await Promise.all(at.caseworkers.map((person) => workOn(person, at.now)));
}

async function workOn(person: Person, now: () => number): Promise<void> {
  let left = ACTS_AN_HOUR;
  const may = () => left-- > 0;
  for (const row of await lookThrough<desk.DueRow>(person, "/api/desk/due?kind=doubt"))
    if (may())
      await person.act(`/api/desk/notices/${row.noticeId}/doubt`, {
        channel: row.channel,
        purpose: row.purpose,
        answer: "arrived",
      });
  await confirmAnswers(person, may);
  for (const row of await lookThrough<desk.QueueRow>(person, "/api/desk/cases?lane=mine"))
    if (NOTICING.has(row.next.act) && may()) await goOn(person, row.id, row.next.act);
  const steps = await lookThrough<desk.DueRow>(person, "/api/desk/due?kind=step");
  for (const [caseId, its] of Map.groupBy(steps, (row) => row.caseId)) if (may()) await takeSteps(person, caseId, its);
  const sheets = await lookThrough<desk.DueRow>(person, "/api/desk/due?kind=sheet");
  for (const [caseId, its] of Map.groupBy(sheets, (row) => row.caseId))
    if (may()) await sendSheets(person, { caseId, sheets: its, now });
}

/** What a machine wrote of itself can wait for ever; one key says that the guesses of one class, which she reads line by line, are right. */
async function confirmAnswers(person: Person, may: () => boolean): Promise<void> {
  const pressing = (await lookThrough<desk.Mail>(person, "/api/desk/mail?lane=waiting")).filter(
    (mail) => mail.pressing,
  );
  const together = Map.groupBy(
    pressing.filter(({ sure }) => sure),
    (mail) => mail.class,
  );
  for (const [as, mails] of together)
    if (may())
      await person.act("/api/desk/mail/confirm", { class: as, mails: mails.map(({ id }) => id).slice(0, 200) });
  for (const mail of pressing)
    if (!mail.sure && mail.class !== "bounce" && may())
      await person.act(`/api/desk/mail/${mail.id}/confirm`, { class: mail.class });
}

function takeSteps(person: Person, caseId: string, rows: readonly desk.DueRow[]): Promise<unknown> {
  const steps = rows.map(({ noticeId, recipient }) => ({ noticeId, recipient: recipient.id }));
  return person.act(`/api/desk/cases/${caseId}/steps`, { do: "send", steps });
}

type Sheets = { readonly caseId: string; readonly sheets: readonly desk.DueRow[]; readonly now: () => number };

/** Fills in the web forms of a case one after another, and says of all that they were sent. */
async function sendSheets(person: Person, { caseId, sheets: rows, now }: Sheets): Promise<void> {
  const held = await person.look<desk.Case>(`/api/desk/cases/${caseId}`);
  const sentAt = new Date(now()).toISOString();
  const placesOf = new Map(held.notices.map(({ id, places }) => [id, places.length]));
  const sheets = rows.map(({ noticeId, purpose }) => ({ noticeId, purpose, sentAt, places: placesOf.get(noticeId) }));
  if (sheets.length > 0) await person.act(`/api/desk/cases/${caseId}/sheets`, { sheets });
}

const NOTICING: ReadonlySet<string> = new Set(["record-mandate", "draft-notices", "approve-notices", "ask-again"]);

async function goOn(person: Person, caseId: string, next: desk.QueueRow["next"]["act"]): Promise<void> {
  const held = await person.look<desk.Case>(`/api/desk/cases/${caseId}`);
  if (next === "record-mandate") return recordMandate(person, held);
  const drafts = held.notices.filter(
    ({ state, missing, recipient }) => state === "draft" && missing.length === 0 && !recipient.hostile,
  );
  // The server drafts by itself; where nobody is left to be asked, drafting by hand finds nobody either.
  await approve(person, held, drafts);
}

/** One approval for all notices of the case, with everybody further up the ladder named for later. */
async function approve(person: Person, held: desk.Case, notices: readonly desk.Notice[]): Promise<void> {
  if (notices.length === 0) return;
  const places = [...new Set(notices.flatMap((notice) => notice.places))];
  const recipients = [...new Set(notices.map(({ recipient }) => recipient.id))];
  const routes = await lookAtRoutes(person, held, places);
  const rungs = routes
    .flatMap((route) => route.rungs)
    .filter(({ afterHours, ways, recipient }) => afterHours > 0 && ways.length > 0 && !recipient.hostile);
  // Who is asked now about some places may come later for others: the dialog offers each such recipient.
  const later = [...new Set(rungs.map(({ recipient }) => recipient.id))];
  await person.act("/api/desk/notices/approve", {
    notices: notices.map(({ id }) => id),
    recipients,
    later: later.slice(0, 50),
  });
}

async function lookAtRoutes(person: Person, held: desk.Case, places: readonly string[]): Promise<desk.Route[]> {
  if (places.length === 0) return [];
  return (await person.lookInto<{ routes: desk.Route[] }>(`/api/desk/cases/${held.id}/routes`, { places })).routes;
}
