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
  // What a machine wrote of itself can wait for ever; one key says that the guess about the rest is right.
  for (const mail of await lookThrough<desk.Mail>(person, "/api/desk/mail?lane=waiting"))
    if (mail.pressing && mail.class !== "bounce" && may())
      await person.act(`/api/desk/mail/${mail.id}/confirm`, { class: mail.class });
  for (const row of await lookThrough<desk.DueRow>(person, "/api/desk/due?kind=step"))
    if (may()) await person.act(`/api/desk/notices/${row.noticeId}/step`, { do: "send", recipient: row.recipient.id });
  for (const row of await lookThrough<desk.DueRow>(person, "/api/desk/due?kind=sheet"))
    if (may()) await person.act(`/api/desk/notices/${row.noticeId}/sheet`, { sentAt: new Date(now()).toISOString() });
  for (const row of await lookThrough<desk.QueueRow>(person, "/api/desk/cases?lane=mine"))
    if (NOTICING.has(row.next.act) && may()) await goOn(person, row.id, row.next.act);
}

const NOTICING: ReadonlySet<string> = new Set(["record-mandate", "draft-notices", "approve-notices", "ask-again"]);

async function goOn(person: Person, caseId: string, next: desk.QueueRow["next"]["act"]): Promise<void> {
  const held = await person.look<desk.Case>(`/api/desk/cases/${caseId}`);
  if (next === "record-mandate") {
    await recordMandate(person, held);
    // Opening the page of notices lets directories be asked who carries the places.
    await lookAtRoutes(
      person,
      held,
      held.places.map(({ id }) => id),
    );
    return;
  }
  const drafts = held.notices.filter(({ state }) => state === "draft");
  // Whom a notice did not reach she does not write to again: the ladder goes on to the next by itself.
  const lost = new Set(held.notices.filter(({ state }) => state === "stopped").flatMap((notice) => notice.places));
  const places = held.places
    .filter(({ id, state }) => state === (next === "ask-again" ? "back" : "open") && !lost.has(id))
    .map(({ id }) => id);
  if (next === "approve-notices") return approve(person, held, drafts);
  if (places.length === 0) return;
  const { notices, unreached } = await person.act<{ notices: desk.Notice[]; unreached: string[] }>(
    `/api/desk/cases/${caseId}/notices`,
    { places, recipients: "all-first-rungs" },
  );
  if (unreached.length === places.length) return;
  await approve(person, held, notices);
}

/** One approval for all notices of the case, with everybody further up the ladder named for later. */
async function approve(person: Person, held: desk.Case, notices: readonly desk.Notice[]): Promise<void> {
  if (notices.length === 0) return;
  const places = [...new Set(notices.flatMap((notice) => notice.places))];
  const recipients = [...new Set(notices.map(({ recipient }) => recipient.id))];
  const routes = await lookAtRoutes(person, held, places);
  const rungs = routes
    .flatMap((route) => route.rungs)
    .filter(({ ways, recipient }) => ways.length > 0 && !recipient.hostile);
  const later = [...new Set(rungs.map(({ recipient }) => recipient.id))].filter((id) => !recipients.includes(id));
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
