import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../src/digest.ts";
import { readNews } from "../src/list-news.ts";
import type { ListState } from "../src/list-state.ts";
import { JikimRefusal } from "../src/refusal.ts";
import type { ChangesPage, ErasedChange, SnapshotPage } from "../src/wire.ts";
import { randomEntry, startCentre, type TestCentre } from "./centre.ts";

const seed = 20_251_122;
let open: TestCentre[] = [];
afterAll(async () => {
  for (const each of open) await each.close();
  open = [];
});

async function centreWith(acts: readonly number[]): Promise<TestCentre> {
  const centre = await startCentre();
  open.push(centre);
  act(centre, acts);
  return centre;
}

/** Each number is one act: put anew, withdraw or change one of the entries in force, or put a new one. */
function act(centre: TestCentre, acts: readonly number[]): void {
  for (const number of acts) {
    const held = centre.held();
    const chosen = held[number % Math.max(1, held.length)];
    if (chosen === undefined || number % 5 > 2) centre.put(randomEntry());
    else if (number % 5 === 2) centre.put({ ...chosen, disputed: !chosen.disputed });
    else centre.withdraw(chosen.id);
  }
}

type Bend = {
  readonly snapshot?: (page: SnapshotPage) => SnapshotPage;
  readonly changes?: (page: ChangesPage) => ChangesPage;
};

function read(centre: TestCentre, state: ListState | null, bend: Bend = {}, limit = 7): Promise<ListState> {
  const source = {
    snapshot: async (after: number) => (bend.snapshot ?? same)(centre.snapshotPage(after, limit)),
    changes: async (after: number) => (bend.changes ?? same)(centre.changesPage(after)),
  };
  return readNews(source, { root: centre.root, now: Date.now() }, state).then((news) => news.state);
}

/** A change without its text; one that has none, with another digest. */
function erased(change: ChangesPage["changes"][number]): ErasedChange {
  if ("digest" in change) return { ...change, digest: "e".repeat(64) };
  return { number: JSON.parse(change.payload).number, digest: digestOf(change.payload) };
}

function numberOf(change: ChangesPage["changes"][number]): number {
  return "digest" in change ? change.number : JSON.parse(change.payload).number;
}

function same<T>(page: T): T {
  return page;
}

async function codeOf(reading: Promise<unknown>): Promise<string> {
  const failure = await reading.then(
    () => "accepted",
    (error: unknown) => error,
  );
  if (failure instanceof JikimRefusal) return failure.code;
  return String(failure);
}

const someActs = fc.array(fc.nat(1000), { minLength: 3, maxLength: 25 });

describe("what is true is read", () => {
  test("a snapshot and the changes after it give the same entries as the centre holds", async () => {
    await fc.assert(
      fc.asyncProperty(someActs, someActs, async (before, after) => {
        const centre = await centreWith(before);
        const first = await read(centre, null);
        act(centre, after);
        const followed = await read(centre, first);
        const anew = await read(centre, null);
        const held = centre.snapshotPage(0, 10_000).puts.map((put) => put.payload);
        expect([...followed.held.values()].sort()).toEqual([...held].sort());
        expect([...anew.held.values()].sort()).toEqual([...held].sort());
        expect(followed.digest).toBe(anew.digest);
      }),
      { seed, numRuns: 30 },
    );
  });

  test("a list that moves while its snapshot is read still comes out right", async () => {
    await fc.assert(
      fc.asyncProperty(someActs, fc.array(someActs, { minLength: 1, maxLength: 4 }), async (before, during) => {
        const centre = await centreWith(before);
        const moves = [...during];
        const snapshot = (page: SnapshotPage) => {
          act(centre, moves.shift() ?? []);
          return page;
        };
        const state = await read(centre, null, { snapshot }, 2);
        const held = centre.snapshotPage(0, 10_000).puts.map((put) => put.payload);
        expect([...state.held.values()].sort()).toEqual([...held].sort());
      }),
      { seed, numRuns: 30 },
    );
  });

  test("an empty list is a list", async () => {
    expect((await read(await centreWith([]), null)).held.size).toBe(0);
  });
});

describe("what is not true is refused", () => {
  type Damage = (changes: ChangesPage["changes"], at: number, old: ChangesPage["changes"]) => ChangesPage["changes"];
  const damages: Record<string, Damage> = {
    dropped: (changes, at) => changes.filter((_, index) => index !== at),
    reordered: (changes, at) => {
      const copy = [...changes];
      const [taken] = copy.splice(at, 1);
      if (taken !== undefined) copy.splice((at + 1) % changes.length, 0, taken);
      return copy;
    },
    replayed: (changes, at, old) => [...changes.slice(0, at), ...old.slice(-1), ...changes.slice(at)],
    repeated: (changes, at) => changes.flatMap((each, index) => (index === at ? [each, each] : [each])),
    altered: (changes, at) =>
      changes.map((each, index) => {
        if (index !== at || "digest" in each) return each;
        return {
          ...each,
          payload: each.payload.replace(/"number":(\d)/, (_, digit) => `"number":${(Number(digit) + 1) % 10}`),
        };
      }),
    unsigned: (changes, at) =>
      changes.map((each, index) => (index === at && "payload" in each ? { ...each, signature: "A".repeat(86) } : each)),
  };
  for (const [name, damage] of Object.entries(damages)) {
    test(`a change that was ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(someActs, someActs, fc.nat(1000), async (before, after, chosen) => {
          const centre = await centreWith(before);
          const old = centre.changesPage(0).changes;
          const state = await read(centre, null);
          act(centre, [3, ...after, 4]);
          const truth = centre.changesPage(state.number).changes;
          const bent = damage(truth, chosen % Math.max(2, truth.length), old);
          fc.pre(JSON.stringify(bent) !== JSON.stringify(truth));
          let asked = 0;
          const changes = (page: ChangesPage) => {
            const last =
              page.changes.length === 0 ? Number.POSITIVE_INFINITY : state.number + truth.length - page.changes.length;
            return { ...page, changes: asked++ === 0 ? bent : bent.filter((change) => numberOf(change) > last) };
          };
          const reading = read(centre, state, { changes });
          expect(await codeOf(reading)).toMatch(/^(LIST_|SIGNATURE_)/);
        }),
        { seed, numRuns: 40 },
      );
    });
  }

  test("a change passed off as erased, or erased otherwise, unless the entries in force are the same without it", async () => {
    await fc.assert(
      fc.asyncProperty(someActs, someActs, fc.nat(1000), async (before, after, chosen) => {
        const centre = await centreWith(before);
        const state = await read(centre, null);
        act(centre, [3, ...after, 4]);
        const truth = await read(centre, state);
        const at = chosen % (truth.number - state.number);
        const changes = (page: ChangesPage) => ({
          ...page,
          changes: page.changes.map((each, n) => (n === at ? erased(each) : each)),
        });
        const reading = read(centre, state, { changes });
        const code = await codeOf(reading);
        if (code === "accepted") expect((await reading).held).toEqual(truth.held);
        else expect(code).toMatch(/^LIST_(ALTERED|FORKED)$/);
      }),
      { seed, numRuns: 60 },
    );
  });

  test("a snapshot with one entry left out, slipped in, doubled or out of order", async () => {
    await fc.assert(
      fc.asyncProperty(
        someActs,
        fc.nat(1000),
        fc.constantFrom("out", "in", "twice", "order"),
        async (acts, chosen, how) => {
          const centre = await centreWith([3, 3, ...acts]);
          const gone = randomEntry();
          centre.put(gone);
          const slipped = centre.snapshotPage(0, 10_000).puts.at(-1);
          centre.withdraw(gone.id);
          const snapshot = (page: SnapshotPage): SnapshotPage => {
            const at = chosen % Math.max(1, page.puts.length);
            const one = page.puts[at];
            if (one === undefined || slipped === undefined) return page;
            const rest = page.puts.filter((_, index) => index !== at);
            if (how === "out") return { ...page, puts: rest };
            if (how === "in") return { ...page, puts: [...page.puts, slipped] };
            if (how === "twice") return { ...page, puts: [...page.puts, one] };
            return { ...page, puts: [one, ...rest].reverse() };
          };
          const truth = centre.snapshotPage(0, 10_000);
          fc.pre(JSON.stringify(snapshot(truth).puts) !== JSON.stringify(truth.puts));
          expect(await codeOf(read(centre, null, { snapshot }, 10_000))).toMatch(/^LIST_/);
        },
      ),
      { seed, numRuns: 60 },
    );
  });
});

describe("each trick has its name", () => {
  let centre: TestCentre;
  let state: ListState;
  beforeAll(async () => {
    centre = await centreWith([3, 3, 3, 3]);
    state = await read(centre, null);
    act(centre, [3, 3, 3]);
  });

  test("rewound: the head names an earlier number than was seen", async () => {
    const early = centre.changesPage(0);
    act(centre, [3]);
    const newest = await read(centre, state);
    const reading = read(centre, newest, { changes: () => ({ ...early, changes: [] }) });
    expect(await codeOf(reading)).toBe("LIST_REWOUND");
  });

  test("forked: the same numbers tell another story", async () => {
    const ahead = { ...state, digest: "1".repeat(64) };
    expect(await codeOf(read(centre, ahead))).toBe("LIST_FORKED");
  });

  test("forked at the same number: the last change is another one", async () => {
    const now = await read(centre, state);
    expect(await codeOf(read(centre, { ...now, digest: "1".repeat(64) }))).toBe("LIST_FORKED");
  });

  test("truncated: the end is kept back although the head names it", async () => {
    const changes = (page: ChangesPage) => ({ ...page, changes: page.changes.slice(0, -1) });
    expect(await codeOf(read(centre, state, { changes }))).toBe("LIST_TRUNCATED");
  });

  test("gap: a change in the middle is kept back", async () => {
    const changes = (page: ChangesPage) => ({ ...page, changes: page.changes.slice(1) });
    expect(await codeOf(read(centre, state, { changes }))).toBe("LIST_GAP");
  });

  test("another root: nothing it certified is believed", async () => {
    const other = await centreWith([3]);
    expect(await codeOf(read({ ...centre, root: other.root }, state))).toBe("CERTIFICATE_REFUSED");
  });

  test("a certificate that has run out", async () => {
    const source = { snapshot: async () => centre.snapshotPage(0, 10), changes: async () => centre.changesPage(0) };
    const trust = { root: centre.root, now: Date.parse("2999-06-01T00:00:00Z") };
    expect(await codeOf(readNews(source, trust, null))).toBe("CERTIFICATE_REFUSED");
  });

  test("a head signed for another use or by another key", async () => {
    const change = centre.changesPage(0).changes[0];
    const foreign = (await centreWith([3])).changesPage(0).head;
    for (const head of [change, foreign]) {
      const changes = (page: ChangesPage) => ({
        ...page,
        head: head !== undefined && "payload" in head ? head : page.head,
      });
      expect(await codeOf(read(centre, state, { changes }))).toBe("SIGNATURE_REFUSED");
    }
  });
});
