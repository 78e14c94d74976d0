import type { Moment } from "./model.ts";

/** Date and time as numbers out of a text; `half` is what was written for before or after noon. */
export type Wall = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number | null;
};

const two = (value: number) => (value < 10 ? `0${value}` : String(value));
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function isDate(year: number, month: number, day: number): boolean {
  if (!(year >= 1990 && year <= 2200) || !(month >= 1 && month <= 12) || !(day >= 1)) return false;
  return day <= (MONTH_DAYS[month - 1] ?? 0) && (month !== 2 || day < 29 || isLeap(year));
}

/** `YYYY-MM-DDTHH:MM[:SS]`, or null when there is no such date or time. */
export function localText({ year, month, day, hour, minute, second }: Wall): string | null {
  if (!isDate(year, month, day)) return null;
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60)) return null;
  if (second !== null && !(second >= 0 && second < 60)) return null;
  const seconds = second === null ? "" : `:${two(second)}`;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}${seconds}`;
}

const AFTER_NOON = /^(?:오후|午後|p)/i;

/** The hour of the day: 오전 12 is 0, 오후 12 is 12. NaN when the clock has no such hour; without a half it is the hour of 24. */
export function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined || half === "") return hour;
  // Some clients write 0 for 12, and some 13 with 오후.
  if (hour > 12) return AFTER_NOON.test(half) && hour < 24 ? hour : Number.NaN;
  return (hour % 12) + (AFTER_NOON.test(half) ? 12 : 0);
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** 1 to 12 from an English name or its first three letters; 0 when it is none. */
export function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

/** Day of the week, 0 is Sunday. */
export function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

/** The time as the file has it, in a zone that the file does not tell. */
export function wallMoment(written: string, local: string | null): Moment {
  const precision = local === null ? "none" : local.length > 16 ? "second" : "minute";
  return { written, local, zone: null, instant: null, precision };
}

const ISO = /^(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?$/;

/** The number that two digits of a text write. */
const twoAt = (text: string, at: number) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

/** An ISO 8601 time with or without its zone; null when it is none. */
export function isoMoment(written: string): Moment | null {
  const [, local, zone = null] = ISO.exec(written) ?? [];
  if (local === undefined) return null;
  // Date.parse takes the 30th of February for a day in March.
  if (!isDate(twoAt(local, 0) * 100 + twoAt(local, 2), twoAt(local, 5), twoAt(local, 8))) return null;
  const time = zone === null ? 0 : Date.parse(written);
  if (Number.isNaN(time)) return null;
  const precision = local.includes(".") ? "millisecond" : local.length > 16 ? "second" : "minute";
  return { written, local, zone, instant: zone === null ? null : instantOf(time), precision };
}

/** Beyond this JavaScript has no date (ECMA-262, time values). */
const LAST_MS = 8.64e15;
const DAY_MS = 86_400_000;
/** Milliseconds at which years begin and end to have four digits: 0000-01-01 and 9999-12-31. */
const [FIRST_PLAIN, LAST_PLAIN] = [-62_167_219_200_000, 253_402_300_799_999];

const three = (value: number) => (value < 10 ? `00${value}` : value < 100 ? `0${value}` : String(value));
let day = Number.NaN;
let dayText = "";

/** As `Date.toISOString` writes it, with the day kept from the one before: most messages are of the same. */
function instantOf(ms: number): string {
  if (!(ms >= FIRST_PLAIN && ms <= LAST_PLAIN)) return new Date(ms).toISOString();
  const whole = Math.trunc(ms);
  const at = Math.floor(whole / DAY_MS);
  if (at !== day) {
    dayText = new Date(at * DAY_MS).toISOString().slice(0, 11);
    day = at;
  }
  const rest = whole - at * DAY_MS;
  const [second, minute, hour] = [
    Math.floor(rest / 1000) % 60,
    Math.floor(rest / 60_000) % 60,
    Math.floor(rest / 3_600_000),
  ];
  return `${dayText}${two(hour)}:${two(minute)}:${two(second)}.${three(rest % 1000)}Z`;
}

/** A count of milliseconds since 1970; null when it is none. */
export function epochMoment(ms: number): Moment | null {
  if (!Number.isFinite(ms) || Math.abs(ms) > LAST_MS) return null;
  return { written: String(ms), local: null, zone: null, instant: instantOf(ms), precision: "millisecond" };
}

/** The instant of a count of milliseconds since 1970; null when there is none. */
export function epochInstant(ms: number): string | null {
  return !Number.isFinite(ms) || Math.abs(ms) > LAST_MS ? null : instantOf(ms);
}
