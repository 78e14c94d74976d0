import { expect, test } from "vitest";
import { keepClocks } from "../simulation/clocks.ts";

const HOUR = 3_600_000;
/** A Monday, 9 o'clock in Seoul. */
const NINE = Date.parse("2026-11-02T00:00:00Z");
const LATER = NINE + 10 * 24 * HOUR;
/** What was missed, without what was known of it. */
const named = (missed: readonly string[]) => missed.map((what) => what.replace(/ \(.*$/, ""));
const heard = { id: "a", way: "mail" as const, sentAt: NINE, places: [7], text: "A request" };

function lookAt(clocks: ReturnType<typeof keepClocks>, hours: readonly number[], gone: (hour: number) => boolean) {
  for (const hour of hours) clocks.looked(7, { at: NINE + hour * HOUR, gone: gone(hour) });
}

test("a place that is looked at in time and seen gone misses nothing; each look that is left out, or comes late, does", () => {
  const looks = [1.1, 6.1, 24.1, 48.1, 168.1];
  const missed = (its: readonly number[]) => {
    const clocks = keepClocks();
    clocks.heard(heard);
    lookAt(clocks, its, (hour) => hour > 40);
    return named(clocks.missedBefore(LATER)).filter((what) => what.startsWith("look"));
  };
  expect(missed(looks)).toEqual([]);
  for (const left of looks) expect(missed(looks.filter((hour) => hour !== left))).toHaveLength(1);
  expect(missed([2, ...looks.slice(1)])).toEqual(["look after 1 h place 7"]);
});

test("whoever does not answer in time is reminded by mail, or stands at the desk as overdue", () => {
  for (const [way, kind] of [["mail", "reminder"] as const, ["feed", "shown"] as const]) {
    const missedWith = (act: (clocks: ReturnType<typeof keepClocks>) => void) => {
      const clocks = keepClocks();
      clocks.heard({ ...heard, way });
      lookAt(clocks, [1.1, 6.1, 24.1, 48.1, 168.1], () => false);
      act(clocks);
      return named(clocks.missedBefore(LATER)).filter((what) => what.startsWith(kind));
    };
    expect(missedWith(() => undefined)).toEqual([`${kind} notice a`]);
    expect(missedWith((clocks) => clocks.answered("a", { what: "received", at: NINE + HOUR }))).toHaveLength(1);
    expect(missedWith((clocks) => clocks.answered("a", { what: "refused", at: NINE + HOUR }))).toEqual([]);
    const at = NINE + 72.2 * HOUR;
    expect(missedWith((clocks) => (way === "mail" ? clocks.reminded("a", at) : clocks.shown(["a"], at)))).toEqual([]);
  }
});

test("a law that a notice names sets its own time", () => {
  const clocks = keepClocks();
  clocks.heard({ ...heard, text: "under the TAKE IT DOWN Act" });
  lookAt(clocks, [1.1, 6.1, 24.1, 48.1, 168.1], () => false);
  clocks.reminded("a", NINE + 72.1 * HOUR);
  expect(named(clocks.missedBefore(LATER))).toEqual(["reminder notice a"]);
  expect(clocks.missedBefore(LATER)[0]).toContain("reminded 2026-11-05");
});

test("a number in the words of a notice is no law", () => {
  const missedAfter = (text: string) => {
    const clocks = keepClocks();
    clocks.heard({ ...heard, text });
    lookAt(clocks, [1.1, 6.1, 24.1, 48.1, 168.1], () => false);
    clocks.reminded("a", NINE + 72.1 * HOUR);
    return named(clocks.missedBefore(LATER));
  };
  expect(missedAfter("Report 5d24d8ab-3fc8-4b9f-a322-52bd2a25bb81")).toEqual([]);
  expect(missedAfter("Telecommunications Business Act, article/section 22-5(1)")).toEqual(["reminder notice a"]);
  expect(missedAfter("전기통신사업법 제22조의5제1항")).toEqual(["reminder notice a"]);
});

test("that all is gone, said in a mail, is followed by a look within a working day", () => {
  const missedWith = (looks: readonly number[]) => {
    const clocks = keepClocks();
    clocks.heard(heard);
    clocks.answered("a", { what: "removed", at: NINE + 0.5 * HOUR });
    lookAt(clocks, looks, () => true);
    return named(clocks.missedBefore(LATER));
  };
  expect(missedWith([5])).toEqual([]);
  expect(missedWith([40])).toEqual(["look after a mail place 7"]);
});
