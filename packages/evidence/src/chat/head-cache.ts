/** What the last few different heads of messages were read as. */
export type HeadCache<T> = {
  /** What a line begins with, if it begins with one of them. */
  readonly find: (line: string) => T | null;
  /** @param head  whose end no reading of it could go beyond, whatever stands after it. */
  readonly keep: (head: string, value: T) => void;
  readonly clear: () => void;
};

/** People answer within the minute, so that the same head comes again and again; no expression needs to look at it twice. */
export function headCache<T>(): HeadCache<T> {
  const heads: string[] = [];
  const values: T[] = [];
  let [kept, next] = [0, 0];
  return {
    find(line) {
      for (let at = 0; at < kept; at++) {
        const head = heads[at];
        if (head !== undefined && line.startsWith(head)) return values[at] ?? null;
      }
      return null;
    },
    keep(head, value) {
      heads[next] = head;
      values[next] = value;
      next = (next + 1) % MOST;
      kept = Math.max(kept, next === 0 ? MOST : next);
    },
    clear() {
      kept = 0;
      next = 0;
    },
  };
}

const MOST = 8;
