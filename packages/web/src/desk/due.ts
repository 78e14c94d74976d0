/** How pressing a due time is. `soon` is the last quarter of its period, but never more than the last six hours. */
export type Due =
  | { readonly state: "none" }
  | { readonly state: "overdue" | "soon" | "later"; readonly minutes: number };

/**
 * @param dueAt  ISO 8601 instant, or null without a clock.
 * @param hours  length of the period.
 * @param now    milliseconds since 1970.
 * @returns minutes left, or minutes past; never negative.
 */
export function dueOf(dueAt: string | null, hours: number | null, now: number): Due {
  if (dueAt === null) return { state: "none" };
  const left = Date.parse(dueAt) - now;
  const minutes = Math.floor(Math.abs(left) / 60_000);
  if (left < 0) return { state: "overdue", minutes };
  const soonHours = Math.min(6, (hours ?? 24) / 4);
  return { state: left <= soonHours * 3_600_000 ? "soon" : "later", minutes };
}

/** Minutes as the two largest units that matter: days and hours, hours and minutes, minutes. */
export function partsOf(minutes: number): { readonly days: number; readonly hours: number; readonly minutes: number } {
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days > 0) return { days, hours, minutes: 0 };
  return { days: 0, hours, minutes: hours >= 6 ? 0 : minutes % 60 };
}
