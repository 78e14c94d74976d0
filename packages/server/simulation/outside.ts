import { type NoticeAnswer, type NoticesPage, noticeEndSchema, noticeSchema, type WireNotice } from "@jikim/sdk/wire";
import type { Agenda } from "./agenda.ts";
import { between, type Chance } from "./chance.ts";
import type { Clocks } from "./clocks.ts";
import { placeNumber } from "./pages.ts";
import { type Arrived, writeBounce, writeReply } from "./post.ts";
import { HOUR_MS, type Operator, reactionOf, removePlace, type World } from "./world.ts";

/** Everybody outside the centre: what they do about notices that reach them. */
export type Outside = {
  /** A mail arrived. */
  arrive(mail: Arrived): void;
  /** Whether an address takes mail at all: every second of those that bounce refuses at once, the others write back. */
  exists(address: string): boolean;
  /** Operators that read the feed do so; each with its own key, over HTTP. */
  readFeeds(): Promise<void>;
  /** Notices that came twice by the feed. */
  doubled(): number;
};

/** A platform's own key, by the name of its operator. */
export type FeedKeys = ReadonlyMap<string, string>;

export type OutsideOptions = {
  readonly world: World;
  readonly chance: Chance;
  readonly agenda: Agenda;
  readonly clocks: Clocks;
  readonly origin: string;
  readonly keys: FeedKeys;
  /** Puts a mail into the centre's mailbox. */
  readonly deliver: (source: Buffer) => Promise<void>;
};

/** Hours until somebody says no, or that he got it. */
const HOURS = { receipt: 0.1, refusal: [24, 72], bounce: 0.2, afterRemoval: 0.25 } as const;

const WORDS = {
  receipt: "Thank you for your report. Your report has been received.",
  removed: "We have removed the content you reported.",
  refused: "We are unable to remove this content. It does not violate our terms.",
} as const;

type Said = keyof typeof WORDS;
/** The names of the wire. */
const NAMES = { receipt: "received", removed: "removed", refused: "refused" } as const satisfies Record<
  Said,
  NoticeAnswer["answer"]
>;
/** What one operator says of one notice, and when; hours from when it came. */
type Saying = { readonly what: Said; readonly after: number };

export function openOutside(options: OutsideOptions): Outside {
  const { world, chance, agenda, deliver, clocks } = options;
  const after = new Map<string, number>();
  const seen = new Set<string>();
  let doubled = 0;
  const answerByMail = (mail: Arrived, sayings: readonly Saying[]) => {
    for (const { what, after: hours } of sayings) {
      const at = Math.round(agenda.now() + hours * HOUR_MS);
      const reply = { text: WORDS[what], automatic: what === "receipt" };
      agenda.plan(at, () => {
        if (mail.notice !== null) clocks.answered(mail.notice.id, { what: NAMES[what], at });
        return deliver(writeReply(mail, reply, at));
      });
    }
  };
  const answerByFeed = (operator: Operator, id: string, sayings: readonly Saying[]) => {
    for (const { what, after: hours } of sayings) {
      const at = Math.round(agenda.now() + hours * HOUR_MS);
      agenda.plan(at, () => postAnswer(options, { operator, id, what, at }));
    }
  };
  return {
    arrive(mail) {
      const operator = world.operators.get(mail.to);
      const reminded = /^<?([0-9a-f-]{36})\.2@/.exec(mail.messageId)?.[1];
      if (reminded !== undefined) clocks.reminded(reminded, agenda.now());
      if (operator === undefined || mail.notice === null) return;
      const { id } = mail.notice;
      clocks.heard(heard("mail", mail.notice));
      if (operator.manner !== "bouncing") return answerByMail(mail, react(options, operator, mail.notice.places));
      const at = agenda.now() + HOURS.bounce * HOUR_MS;
      agenda.plan(at, () => {
        clocks.answered(id, { what: "bounced", at });
        return deliver(writeBounce(mail, at));
      });
    },
    exists: (address) => {
      const operator = world.operators.get(address);
      return operator?.manner !== "bouncing" || chance("writes-back", operator.key) < 0.5;
    },
    async readFeeds() {
      for (const [key, token] of options.keys) {
        const operator = [...world.operators.values()].find((one) => one.key === key);
        if (operator === undefined) continue;
        const page = await readFeed(options.origin, token, after.get(key) ?? 0);
        for (const { number, notice } of page.notices) {
          after.set(key, number);
          const payload: unknown = JSON.parse(notice.payload);
          const read = noticeSchema.safeParse(payload);
          if (!read.success) {
            noticeEndSchema.parse(payload);
            continue;
          }
          if (seen.has(read.data.id)) doubled++;
          seen.add(read.data.id);
          clocks.heard(heard("feed", read.data));
          answerByFeed(operator, read.data.id, react(options, operator, read.data.places));
        }
      }
    },
    doubled: () => doubled,
  };
}

function heard(way: "mail" | "feed", { id, sentAt, places, letter }: WireNotice): Parameters<Clocks["heard"]>[0] {
  const numbers = places.flatMap((address) => placeNumber(address) ?? []);
  return { id, way, sentAt: Date.parse(sentAt), places: numbers, text: `${letter.subject}\n${letter.text}` };
}

/** Removes what will be removed, and works out what is said. The answer comes when the last of the places has gone. */
function react(
  { world, chance, agenda }: OutsideOptions,
  operator: Operator,
  addresses: readonly string[],
): readonly Saying[] {
  const numbers = addresses.flatMap((address) => placeNumber(address) ?? []);
  const [first = 0] = numbers;
  let last = 0;
  for (const number of numbers) {
    const [place, reaction] = [world.places[number], reactionOf(chance, operator, number)];
    if (place === undefined) continue;
    removePlace(place, reaction, agenda.now());
    last = Math.max(last, reaction.removesAfter ?? 0);
  }
  const { manner } = operator;
  if (manner === "refusing")
    return [{ what: "refused", after: between(chance("refuses", operator.key, first), HOURS.refusal) }];
  if (manner === "silent" || manner === "bouncing") return [];
  const receipt: readonly Saying[] = manner === "slow" ? [{ what: "receipt", after: HOURS.receipt }] : [];
  return [...receipt, ...(last > 0 ? [{ what: "removed" as const, after: last + HOURS.afterRemoval }] : [])];
}

async function readFeed(origin: string, token: string, after: number): Promise<NoticesPage> {
  const response = await fetch(`${origin}/api/platform/notices?after=${after}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`the feed answered ${response.status}`);
  return (await response.json()) as NoticesPage;
}

type Answering = { readonly operator: Operator; readonly id: string; readonly what: Said; readonly at: number };

async function postAnswer(
  { origin, keys, clocks }: OutsideOptions,
  { operator, id, what, at }: Answering,
): Promise<void> {
  const answer = NAMES[what];
  const response = await fetch(`${origin}/api/platform/notices/${id}/answers`, {
    method: "POST",
    headers: { authorization: `Bearer ${keys.get(operator.key)}`, "content-type": "application/json" },
    body: JSON.stringify({ answer, at: new Date(at).toISOString() }),
  });
  if (response.ok) clocks.answered(id, { what: answer, at });
  if (!response.ok && response.status !== 409) throw new Error(`an answer was refused: ${response.status}`);
  await response.body?.cancel();
}
