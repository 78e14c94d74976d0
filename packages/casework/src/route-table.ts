import type { Channel } from "./recipient.ts";
import { type Curve, curveOf, medianOf, type RouteRow, type Share, shareWithin, type Times } from "./results.ts";

export type Outcome = {
  readonly ended: number;
  readonly medianHours: number | null;
  readonly within24h: Share | null;
  readonly within48h: Share | null;
  readonly within7d: Share | null;
  readonly curve: Curve;
};

/** By what results are told apart; what is left out is counted together. */
export const ROUTE_PARTS = ["recipient", "ground", "channel"] as const;
export type RoutePart = (typeof ROUTE_PARTS)[number];

/** How a plain request is called among grounds. */
export const PLAIN_REQUEST = "plain";

export type RouteResult = {
  /** Each null when results are not told apart by it. A plain request's ground is `PLAIN_REQUEST`. */
  readonly recipient: string | null;
  readonly ground: string | null;
  readonly channel: Channel | null;
  readonly cases: number;
  readonly places: number;
  readonly answer: Outcome;
  readonly removal: Outcome;
  /** Of those removed: how many came back, and when. */
  readonly back: Outcome & { readonly removed: number; readonly within30d: Share | null };
};

/** Results of routes, in the order in which each first appears. */
export function routeResults(rows: readonly RouteRow[], by: readonly RoutePart[]): readonly RouteResult[] {
  const table = openRouteTable();
  for (const row of rows) table.add(row);
  return table.results(by);
}

/** Rows of a year in columns: some forty bytes each, so that a large ledger can be told apart by one thing after another. */
export type RouteTable = {
  add(row: RouteRow): void;
  /** In the order in which each first appeared. */
  results(by: readonly RoutePart[]): readonly RouteResult[];
};

type Series = "answer" | "removal" | "back";

export function openRouteTable(): RouteTable {
  const names = { recipient: openNames(), ground: openNames(), channel: openNames(), caseKey: openNames() };
  const parts = { recipient: openColumn(), ground: openColumn(), channel: openColumn(), caseKey: openColumn() };
  const hours = { answer: openColumn(), removal: openColumn(), back: openColumn() };
  /** 1: it ended, 0: it still lasted, 2: there is none. */
  const states = { answer: openColumn(), removal: openColumn(), back: openColumn() };
  const put = (series: Series, time: RouteRow["back"]) => {
    hours[series].push(time?.hours ?? 0);
    states[series].push(time === null ? NONE : Number(time.ended));
  };
  const timesOf = (series: Series, rows: Column): Times => {
    const [ended, censored] = [openColumn(), openColumn()];
    for (let at = 0; at < rows.length(); at += 1) {
      const row = rows.at(at);
      const state = states[series].at(row);
      if (state !== NONE) (state === 1 ? ended : censored).push(hours[series].at(row));
    }
    return { ended: ended.sorted(), censored: censored.sorted() };
  };
  const resultOf = (rows: Column, by: readonly RoutePart[]): RouteResult => {
    const first = rows.at(0);
    const named = (part: RoutePart) => (by.includes(part) ? names[part].at(parts[part].at(first)) : null);
    const cases = new Set<number>();
    for (let at = 0; at < rows.length(); at += 1) cases.add(parts.caseKey.at(rows.at(at)));
    const back = timesOf("back", rows);
    const again = outcomeOf(back);
    const removed = back.ended.length + back.censored.length;
    return {
      recipient: named("recipient"),
      ground: named("ground"),
      channel: named("channel") as RouteResult["channel"],
      ...{ cases: cases.size, places: rows.length() },
      answer: outcomeOf(timesOf("answer", rows)),
      removal: outcomeOf(timesOf("removal", rows)),
      back: { ...again, removed, within30d: shareWithin(again.curve, 30 * 24, removed) },
    };
  };
  return {
    add(row) {
      parts.recipient.push(names.recipient.numberOf(row.recipient));
      parts.ground.push(names.ground.numberOf(row.ground ?? PLAIN_REQUEST));
      parts.channel.push(names.channel.numberOf(row.channel));
      parts.caseKey.push(names.caseKey.numberOf(row.caseKey));
      for (const series of ["answer", "removal", "back"] as const) put(series, row[series]);
    },
    results(by) {
      const groups = new Map<string, Column>();
      for (let row = 0; row < parts.caseKey.length(); row += 1) {
        const key = by.map((part) => parts[part].at(row)).join(" ");
        const group = groups.get(key) ?? openColumn();
        group.push(row);
        groups.set(key, group);
      }
      return [...groups.values()].map((rows) => resultOf(rows, by));
    },
  };
}

const NONE = 2;

/** Numbers in one block of memory that doubles when it is full. */
type Column = {
  push(value: number): void;
  at(index: number): number;
  length(): number;
  /** A copy, sorted upwards. */
  sorted(): Float64Array;
};

function openColumn(): Column {
  let values = new Float64Array(64);
  let length = 0;
  return {
    push(value) {
      if (length === values.length) {
        const larger = new Float64Array(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    at: (index) => values[index] ?? 0,
    length: () => length,
    sorted: () => values.slice(0, length).sort(),
  };
}

/** Names by number, each kept once. */
function openNames() {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  return {
    numberOf(name: string): number {
      const number = numbers.get(name) ?? names.length;
      if (number === names.length) {
        numbers.set(name, number);
        names.push(name);
      }
      return number;
    },
    at: (number: number) => names[number] ?? "",
  };
}

function outcomeOf(times: Times): Outcome {
  const curve = curveOf(times);
  const total = times.ended.length + times.censored.length;
  return {
    ended: times.ended.length,
    medianHours: medianOf(curve),
    within24h: shareWithin(curve, 24, total),
    within48h: shareWithin(curve, 48, total),
    within7d: shareWithin(curve, 7 * 24, total),
    curve,
  };
}

/** Cases a route needs before its results count for the ladder. Ours; smaller numbers only look like results. */
export const CASES_THAT_COUNT = 20;

/** Whether one route is measurably better: within seven days its lowest likely share removed beats the other's highest. */
export function worksBetter(one: RouteResult | undefined, other: RouteResult | undefined): boolean {
  if (!counts(one) || !counts(other)) return false;
  const [better, worse] = [one.removal.within7d, other.removal.within7d];
  return better !== null && worse !== null && better.low > worse.high;
}

function counts(result: RouteResult | undefined): result is RouteResult {
  return result !== undefined && result.cases >= CASES_THAT_COUNT;
}
