import type { PgBoss } from "pg-boss";

/** What waits for its moment in the world: what recipients will do, and the jobs that the server asked for. */
export type Agenda = {
  /** Epoch milliseconds. */
  now(): number;
  moveTo(at: number): void;
  /** Something that recipients or survivors do later. */
  plan(at: number, act: () => Promise<void> | void): void;
  /** Stands where the queue's own table would: the same calls, kept in memory, due by the world's clock. */
  readonly jobs: PgBoss;
  /** Jobs that are due, each once, taken away. */
  takeJobs(): { readonly queue: string; readonly data: unknown }[];
  /** Acts that are due, in order, taken away. */
  takeActs(): (() => Promise<void> | void)[];
  /** When the next of either is due; null: nothing waits. */
  nextAt(): number | null;
};

type Waiting<T> = { readonly at: number; readonly what: T };

export function openAgenda(from: number): Agenda {
  let now = from;
  let acts: Waiting<() => Promise<void> | void>[] = [];
  const jobs = new Map<string, Waiting<{ readonly queue: string; readonly data: unknown }>>();
  const send = async (queue: string, data: unknown, options: { readonly startAfter?: Date } = {}) => {
    const at = options.startAfter?.getTime() ?? now;
    const key = JSON.stringify([queue, data, at <= now ? null : at]);
    jobs.set(key, { at, what: { queue, data } });
    return key;
  };
  return {
    now: () => now,
    moveTo(at) {
      now = Math.max(now, at);
    },
    plan: (at, act) => void acts.push({ at, what: act }),
    jobs: { send } as unknown as PgBoss,
    takeJobs() {
      const due = [...jobs].filter(([, { at }]) => at <= now);
      for (const [key] of due) jobs.delete(key);
      return due.map(([, { what }]) => what);
    },
    takeActs() {
      const due = acts.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
      if (due.length > 0) acts = acts.filter(({ at }) => at > now);
      return due.map(({ what }) => what);
    },
    nextAt() {
      const waiting = [...acts, ...jobs.values()].map(({ at }) => at);
      return waiting.length === 0 ? null : waiting.reduce((a, b) => Math.min(a, b));
    },
  };
}
