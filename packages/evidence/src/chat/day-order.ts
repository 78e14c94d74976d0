import { isDate } from "./clock.ts";

/** How a file writes its dates. `null`: nothing in it tells. */
export type DayOrder = "day-month" | "month-day";

/** What is known of the order after looking through a file: the order, and whether only its sequence told it. */
export type OrderFound = { readonly order: DayOrder | null; readonly bySequence: boolean };

type Date3 = { readonly year: number; readonly month: number; readonly day: number };

/** Two numbers and a year as a date in one order, or null when there is none. */
export function dateIn(order: DayOrder, first: number, second: number, year: number): Date3 | null {
  const [day, month] = order === "day-month" ? [first, second] : [second, first];
  return isDate(year, month, day) ? { year, month, day } : null;
}

export type OrderFinder = {
  /** True once a date settled it. `fits` can rule out an order by more than the numbers, such as the day of the week. */
  readonly see: (first: number, second: number, year: number, fits?: (date: Date3) => boolean) => boolean;
  readonly found: () => OrderFound;
};

const ORDERS: readonly DayOrder[] = ["day-month", "month-day"];

/** Infers over a file which number is the day: a date that only one order has; failing that, which order never goes back in time. */
export function orderFinder(): OrderFinder {
  let settled: DayOrder | null = null;
  const last = { "day-month": 0, "month-day": 0 };
  const back = { "day-month": 0, "month-day": 0 };
  return {
    see(first, second, year, fits = () => true) {
      const dates = ORDERS.map((order) => dateIn(order, first, second, year));
      const possible = dates.map((date) => date !== null && fits(date));
      if (possible[0] !== possible[1]) settled ??= possible[0] ? "day-month" : "month-day";
      for (const [at, order] of ORDERS.entries()) {
        const date = dates[at];
        if (!date) continue;
        const value = (date.year * 12 + date.month) * 31 + date.day;
        if (value < last[order]) back[order]++;
        last[order] = value;
      }
      return settled !== null;
    },
    found() {
      if (settled !== null) return { order: settled, bySequence: false };
      if (back["day-month"] === back["month-day"] || Math.min(back["day-month"], back["month-day"]) > 0)
        return { order: null, bySequence: false };
      return { order: back["day-month"] === 0 ? "day-month" : "month-day", bySequence: true };
    },
  };
}
