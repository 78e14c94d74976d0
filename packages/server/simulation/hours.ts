import { HOUR_MS } from "./world.ts";

/** Korea is nine hours ahead of UTC, all year. */
const KOREA_MS = 9 * HOUR_MS;
const OPENS = 9;
const CLOSES = 18;
const LUNCH = 12;

/** Whether somebody sits at the desk: Monday to Friday from 9 to 18, lunch aside. Holidays are left out on both sides. */
export function isWorkHour(at: number): boolean {
  const there = new Date(at + KOREA_MS);
  const [day, hour] = [there.getUTCDay(), there.getUTCHours()];
  return day >= 1 && day <= 5 && hour >= OPENS && hour < CLOSES && hour !== LUNCH;
}

/** The next full hour. */
export function nextHour(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS + HOUR_MS;
}
