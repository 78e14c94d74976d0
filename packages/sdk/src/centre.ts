import type { Pixels } from "@jikim/fingerprint";
import { createAnswers } from "./answer.ts";
import { type Connection, checkConnection } from "./connection.ts";
import { createList, type FollowedList, httpSource, type ListStep } from "./list.ts";
import { type Matched, matchPicture, type Uploaded } from "./match.ts";
import { createNotices, type NoticeEndHandler, type NoticeHandler, type Taken } from "./notices.ts";
import { asRefusal, JikimRefusal, type RefusalCode } from "./refusal.ts";
import { repeat } from "./repeat.ts";
import type { Store } from "./store.ts";
import type { Entry, NoticeAnswer, PlatformAnswer } from "./wire.ts";

export type CentreOptions = Connection & {
  /** Where state is kept: `folderStore(…)` of `@jikim/sdk/folder-store`, or your own. One centre, one store. */
  readonly store: Store;
  /** Entries came, changed or left and are in force: match again what is on the platform already. */
  readonly onChange?: (step: ListStep) => void | Promise<void>;
  /** Removes what a notice names. Without it notices are left at the centre. */
  readonly onNotice?: NoticeHandler;
  /** Stops working on a notice by which nothing more is asked. It gives no leave to put anything back. */
  readonly onNoticeEnd?: NoticeEndHandler;
  /** Something was refused or failed. The last good list stays in force. Safe to log: `code` and text name nobody. */
  readonly onProblem?: (problem: JikimRefusal) => void;
  /** Time between two looks at the list; 2,000 unless told. */
  readonly everyMs?: number;
  /** Age of the signed head from which the list counts as stale; ten minutes unless told. */
  readonly staleAfterMs?: number;
  readonly now?: () => number;
};

export type CentreStatus = {
  /** Number of the last change in force; null until a list was read. */
  readonly number: number | null;
  readonly entries: number;
  readonly fingerprints: number;
  /** Fingerprints of too plain pictures, which are never matched. */
  readonly unmatchable: number;
  /** When the centre last signed what is in force. */
  readonly signedAt: string | null;
  /** True when that is too long ago, or never: still in force, but someone should look. */
  readonly stale: boolean;
  /** What went wrong at the last look at the list; null when all is well. */
  readonly problem: RefusalCode | null;
  /** Answers that the centre does not have yet. */
  readonly waiting: number;
};

/** A centre that is followed: its list in force, its notices taken, its answers told. */
export type Centre = {
  match(picture: Pixels | Uploaded): Matched;
  entry(entryId: string): Entry | null;
  /**
   * Says what was done about an entry: never about whom. Durable when it resolves, then retried until told.
   * @param reference  your own name for the upload, such as its id: the same one twice is one answer. It never leaves.
   */
  answer(entryId: string, did: Exclude<PlatformAnswer["did"], "dropped">, reference: string): Promise<void>;
  /** A later answer to a notice, such as "removed" after "received". */
  answerNotice(noticeId: string, answer: NoticeAnswer["answer"]): Promise<void>;
  /** A notice that came by mail: the text of its attachment `jikim-notice.json`. @throws {JikimRefusal} */
  takeNotice(mailed: string): Promise<Taken>;
  status(): CentreStatus;
  /** Looks at once at the list, the notices and the answers; problems go to `onProblem`. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
};

const FROZEN_MS = 10 * 60_000;

/**
 * Starts to follow a centre. Resolves when what was stored is in force and the centre was asked once, reached or not.
 *
 * @throws {JikimRefusal} `BAD_OPTIONS`. Everything later goes to `onProblem`.
 */
export async function followCentre(options: CentreOptions): Promise<Centre> {
  const connection = checkConnection(options);
  const { store, now = Date.now, everyMs = 2000 } = options;
  const answers = createAnswers(connection, store, now);
  const source = httpSource(connection);
  const list = createList({ source, root: connection.root, store, now }, async (step) => {
    for (const { entryId, number } of step.withdrawn) await answers.addForEntry(entryId, "dropped", String(number));
    if (step.withdrawn.length > 0) void telling.now();
    await guarded(async () => options.onChange?.(step), "HANDLER_FAILED");
  });
  const handler = options.onNotice;
  const notices = createNotices({
    ...{ connection, store, answers, handler: handler ?? nobodyHandles, now },
    onEnd: options.onNoticeEnd ?? (() => undefined),
  });
  let problem: RefusalCode | null = null;

  const guarded = async (task: () => unknown, code: RefusalCode): Promise<RefusalCode | null> => {
    try {
      await task();
      return null;
    } catch (failure) {
      const refusal = asRefusal(failure, code);
      options.onProblem?.(refusal);
      return refusal.code;
    }
  };
  await guarded(() => answers.load(), "STORE_FAILED");
  await guarded(() => notices.load(), "STORE_FAILED");
  await guarded(() => list.load(), "STORE_FAILED");

  const following = repeat(async () => {
    problem = await guarded(() => list.sync(), "STORE_FAILED");
    return problem === null;
  }, everyMs);
  const telling = repeat(
    async () => answers.waiting() === 0 || (await guarded(() => answers.deliver(), "STORE_FAILED")) === null,
    everyMs,
  );
  const noticing = repeat(async () => {
    if (handler === undefined) return true;
    const trouble = await guarded(() => notices.sync(), "STORE_FAILED");
    if (answers.waiting() > 0) void telling.now();
    return trouble === null;
  }, everyMs);
  const tell = async (added: Promise<void>): Promise<void> => {
    await added;
    void telling.now();
  };
  const refresh = async (): Promise<void> => {
    await Promise.all([following.now(), noticing.now()]);
    await telling.now();
  };
  await refresh();

  return {
    match: (picture) => matchPicture(list, picture),
    entry: (entryId) => list.entry(entryId),
    answer: (entryId, did, reference) => tell(answers.addForEntry(entryId, did, reference)),
    answerNotice: (noticeId, answer) => tell(answers.addForNotice(noticeId, answer)),
    async takeNotice(mailed) {
      const taken = await notices.take(mailed);
      void telling.now();
      return taken;
    },
    status: () => ({
      ...describe(list, now() - (options.staleAfterMs ?? FROZEN_MS)),
      problem,
      waiting: answers.waiting(),
    }),
    refresh,
    stop: async () => void (await Promise.all([following.stop(), telling.stop(), noticing.stop()])),
  };
}

async function nobodyHandles(): Promise<never> {
  throw new JikimRefusal("HANDLER_FAILED", { cause: "no onNotice was given" });
}

function describe(list: FollowedList, freshSince: number): Omit<CentreStatus, "problem" | "waiting"> {
  const state = list.state();
  return {
    number: state?.number ?? null,
    entries: state?.held.size ?? 0,
    fingerprints: list.fingerprints(),
    unmatchable: list.unmatchable(),
    signedAt: state === null ? null : new Date(state.at).toISOString(),
    stale: state === null || state.at < freshSince,
  };
}
