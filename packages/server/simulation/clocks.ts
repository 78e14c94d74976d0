import { isWorkHour, nextHour } from "./hours.ts";
import { HOUR_MS } from "./world.ts";

/**
 * The clocks of the world as somebody outside would keep them: from the notices that recipients got, what they answered, and the
 * requests that their pages got, by plain arithmetic on those moments. It reads no table of the server and shares no rule with it, so
 * that a clock which the server itself forgot counts as missed.
 */
export type Clocks = {
  /** A notice reached somebody, by mail or by the feed; one by a form, as the desk shows it in the end. Known ones are not new. */
  heard(notice: Heard): void;
  /** What he answered arrived at the centre; a mail server's word that nobody is there is an answer too. */
  answered(id: string, answer: Said): void;
  /** A reminder reached him. */
  reminded(id: string, at: number): void;
  /** Somebody asked for the page of a place. */
  looked(place: number, look: Look): void;
  /** Notices that the desk showed as overdue. */
  shown(ids: Iterable<string>, at: number): void;
  /** What should have happened before a moment and did not, each as its kind, where, and what was known of it. */
  missedBefore(until: number): string[];
};

/** Moments in epoch milliseconds, here as everywhere in the simulation. */
export type Heard = {
  readonly id: string;
  readonly way: "mail" | "feed" | "form";
  readonly sentAt: number;
  /** Numbers of places. */
  readonly places: readonly number[];
  /** The words of the notice: the law that it names sets the period. */
  readonly text: string;
};
export type Said = { readonly what: "received" | "removed" | "refused" | "bounced"; readonly at: number };
export type Look = { readonly at: number; readonly gone: boolean };

/** After a notice left, or its recipient says that all is gone, its places are looked at: the issue's own list, in hours. */
const LOOKS_AFTER = [1, 6, 24, 48, 7 * 24, 30 * 24, 90 * 24];
/** Hours until an answer is due by what a notice names; the first that its words hold counts. The number of a notice may hold "22-5" by chance. */
const PERIODS: readonly { readonly named: RegExp; readonly hours: number; readonly source: string }[] = [
  { named: /TAKE IT DOWN/, hours: 48, source: "TAKE IT DOWN Act, Pub. L. 119-12, sec. 3(a)(3)" },
  { named: /22조의5|22-5\(/, hours: 24, source: "target of Korea's review board, ZDNet Korea 2019-08-26; no statute" },
  { named: /(?:)/, hours: 72, source: "the centre's promise to follow up" },
];
/** Late by no more: a look is scattered over five minutes, the world goes in steps of five, and a sweep comes at each. */
const GRACE_MS = 25 * 60_000;
/** The desk is looked at every hour. */
const SHOWN_MS = 90 * 60_000;
/** That all is gone, said in a mail, is believed when somebody confirmed it: within one working day. */
const CONFIRMED_WITHIN_HOURS = 9;

type Event = { readonly at: number; readonly what: "notice" | "said-by-feed" | "said-by-mail" };
type Known = Heard & { said: Said[]; remindedAt: number | null; readonly shownAt: number[] };

export function keepClocks(): Clocks {
  const notices = new Map<string, Known>();
  const events = new Map<number, Event[]>();
  const looks = new Map<number, Look[]>();
  const happen = (place: number, event: Event) => void events.set(place, [...(events.get(place) ?? []), event]);
  return {
    heard(notice) {
      if (notices.has(notice.id)) return;
      notices.set(notice.id, { ...notice, said: [], remindedAt: null, shownAt: [] });
      for (const place of notice.places) happen(place, { at: notice.sentAt, what: "notice" });
    },
    answered(id, said) {
      const notice = notices.get(id);
      if (notice === undefined) return;
      notice.said.push(said);
      const what = notice.way === "feed" ? "said-by-feed" : "said-by-mail";
      if (said.what === "removed") for (const place of notice.places) happen(place, { at: said.at, what });
    },
    reminded(id, at) {
      const notice = notices.get(id);
      if (notice !== undefined) notice.remindedAt ??= at;
    },
    looked(place, look) {
      const before = looks.get(place);
      if (before === undefined) looks.set(place, [look]);
      else before.push(look);
    },
    shown(ids, at) {
      for (const id of ids) notices.get(id)?.shownAt.push(at);
    },
    missedBefore(until) {
      const bounced = [...notices.values()].filter(({ said }) => said.some(({ what }) => what === "bounced"));
      // Whom a notice did not reach was not asked: what is then done with his places is for the next on the ladder.
      const lost = new Set(bounced.flatMap(({ places }) => places));
      const ofPlaces = [...events].flatMap(([place, its]) =>
        lost.has(place)
          ? []
          : missedLooks(its, looks.get(place) ?? [], until).map(
              (what) => `${what} place ${place} (${tell(its)}; looked ${tell(looks.get(place) ?? [])})`,
            ),
      );
      const isGone = (place: number, at: number) => looks.get(place)?.findLast((look) => look.at <= at)?.gone ?? false;
      const answers = [...notices.values()].filter((notice) => missesAnswer(notice, isGone, until));
      const ofAnswers = answers.map(
        ({ id, way, sentAt, said, remindedAt }) =>
          `${way === "mail" ? "reminder" : "shown"} notice ${id} (${tell([{ what: "sent", at: sentAt }, ...said])}; reminded ${remindedAt === null ? "never" : moment(remindedAt)})`,
      );
      return [...ofPlaces, ...ofAnswers];
    },
  };
}

/** What happened, for whoever looks into a miss. */
function tell(its: readonly { readonly at: number; readonly what?: string; readonly gone?: boolean }[]): string {
  return its.map(({ at, what, gone }) => `${what ?? (gone ? "gone" : "there")} ${moment(at)}`).join(", ");
}

function moment(at: number): string {
  return new Date(at).toISOString().slice(0, 16);
}

/** A span in which a place has to be looked at. */
type Span = { readonly what: string; readonly from: number; readonly to: number };

function missedLooks(its: readonly Event[], looks: readonly Look[], until: number): string[] {
  // Whoever is asked about what was seen gone before sets nothing running that does not run.
  const isGone = (at: number) => looks.findLast((look) => look.at <= at)?.gone ?? false;
  const sorted = its.filter(({ at, what }) => what !== "notice" || !isGone(at)).toSorted((a, b) => a.at - b.at);
  return sorted.flatMap((event, index) => {
    const next = sorted[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    // What happens later sets its own clocks running, in the place of those that had not run out.
    const due = spansOf(event).filter(({ to }) => to < until && to < next);
    return due.filter(({ from, to }) => !looks.some(({ at }) => at >= from && at <= to)).map(({ what }) => what);
  });
}

function spansOf({ at, what }: Event): Span[] {
  if (what === "said-by-mail") {
    const to = afterWork(at, CONFIRMED_WITHIN_HOURS) + HOUR_MS + GRACE_MS;
    return [{ what: "look after a mail", from: at, to }];
  }
  return LOOKS_AFTER.map((hours) => {
    const from = at + hours * HOUR_MS;
    return { what: `look after ${hours} h`, from, to: from + GRACE_MS };
  });
}

/** The moment at which so many hours were worked. */
function afterWork(from: number, hours: number): number {
  let at = nextHour(from);
  for (let left = hours; left > 0; at += HOUR_MS) if (isWorkHour(at)) left--;
  return at;
}

/** Whether its time ran out without an answer, and he was not reminded, or where he is not written to, nobody was shown it. */
function missesAnswer(notice: Known, isGone: (place: number, at: number) => boolean, until: number): boolean {
  const { way, sentAt, places, said, text, remindedAt, shownAt } = notice;
  const hours = PERIODS.find(({ named }) => named.test(text))?.hours ?? 0;
  const due = sentAt + hours * HOUR_MS;
  const to = due + (way === "mail" ? GRACE_MS : SHOWN_MS);
  const isAnswered = said.some(({ what, at }) => what !== "received" && at <= to);
  if (way === "form" || to >= until || isAnswered || places.every((place) => isGone(place, to))) return false;
  if (way === "mail") return remindedAt === null || remindedAt < due - GRACE_MS || remindedAt > to;
  return !shownAt.some((at) => at >= due && at <= to);
}
