import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import { afterCheck, PLACE_STATES, readPlace, readPlaces } from "../src/index.ts";

describe("pasted places", () => {
  test("links and handles are found in a message, cleaned, and named once", () => {
    const { places, unreadable } = readPlaces(`여기요 https://board.example/p/1?utm_source=x&id=7#top,
      board.example/p/1?id=7 그리고 <https://T.ME/some_room>. @Some_Room hxxps://bad[.]example/a (https://t.me/some_room)`);
    expect(places).toEqual([
      { kind: "url", text: "https://board.example/p/1?id=7" },
      { kind: "url", text: "https://t.me/some_room" },
      { kind: "room", text: "@some_room" },
      { kind: "url", text: "https://bad.example/a" },
    ]);
    expect(unreadable).toEqual([]);
  });

  test("Telegram's own links become the web address of the room", () => {
    expect(readPlace("tg://resolve?domain=some_room")).toEqual({ kind: "url", text: "https://t.me/some_room" });
    expect(readPlace("tg://join?invite=AbC-1")).toEqual({ kind: "url", text: "https://t.me/+AbC-1" });
  });

  test("an account is a room by the id that its messenger gave it, and a hidden number is none", () => {
    expect(readPlace("telegram:User102")).toEqual({ kind: "room", text: "telegram:user102" });
    expect(readPlace("telegram:[전화번호 가림] #1")).toBeNull();
    expect(readPlace("javascript:alert")).toBeNull();
  });

  test("a password in a link is dropped, a route in the fragment stays", () => {
    expect(readPlace("https://me:secret@site.example/x")?.text).toBe("https://site.example/x");
    expect(readPlace("https://site.example/#/room/5")?.text).toBe("https://site.example/#/room/5");
    expect(readPlace("https://site.example/a#photo-3")?.text).toBe("https://site.example/a");
  });

  test("Korean domain names become their wire form, so that two spellings are one place", () => {
    expect(readPlace("https://예시.kr/가")?.text).toBe(readPlace("https://xn--vv4b11d.kr/%EA%B0%80")?.text);
  });

  test("what looks like an address and is none is given back, plain words are not", () => {
    const { places, unreadable } = readPlaces("그냥 글입니다 javascript:alert(1) ftp://old.example/x http://");
    expect(places).toEqual([]);
    expect(unreadable).toContain("javascript:alert");
    expect(unreadable).not.toContain("글입니다");
    expect(readPlace("http://intranet/")).toBeNull();
  });

  test("cleaning a cleaned place changes nothing, whatever was pasted", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const place = readPlace(url);
        if (place !== null) expect(readPlace(place.text)).toEqual(place);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  test("any text is read in bounded size", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000, unit: "grapheme" }), (text) => {
        const { places, unreadable } = readPlaces(text);
        expect(places.length).toBeLessThanOrEqual(500);
        expect(unreadable.length).toBeLessThanOrEqual(50);
      }),
      { seed: 3, numRuns: FUZZ_RUNS },
    );
    const many = Array.from({ length: 900 }, (_, at) => `https://a.example/${at}`).join(" ");
    expect(readPlaces(many).places).toHaveLength(500);
  });
});

describe("what a check changes", () => {
  const saw = (outcome: "removed" | "there" | "de-indexed" | "cannot-tell") => ({ outcome });
  const blocked = (...seenIn: string[]) => ({ outcome: "blocked" as const, blockedIn: ["kr"], seenIn });

  test("only a check that saw it gone makes a place removed, and seeing it again brings it back", () => {
    expect(afterCheck("asked", saw("removed"))).toBe("removed");
    expect(afterCheck("removed", saw("there"))).toBe("back");
    expect(afterCheck("blocked", saw("there"))).toBe("back");
    expect(afterCheck("back", saw("removed"))).toBe("removed");
    expect(afterCheck("asked", saw("de-indexed"))).toBe("de-indexed");
    expect(afterCheck("de-indexed", saw("there"))).toBe("back");
  });

  test("a guess is never made better: what cannot be told changes nothing, a block in one country is not a removal", () => {
    for (const state of PLACE_STATES) expect(afterCheck(state, saw("cannot-tell"))).toBe(state);
    expect(afterCheck("asked", blocked())).toBe("blocked");
    expect(afterCheck("removed", blocked())).toBe("removed");
    expect(afterCheck("asked", saw("there"))).toBe("asked");
  });

  test("what was gone and is seen from one country is back, whoever else is kept from seeing it", () => {
    expect(afterCheck("removed", blocked("us"))).toBe("back");
    expect(afterCheck("de-indexed", blocked("us"))).toBe("back");
    expect(afterCheck("asked", blocked("us"))).toBe("blocked");
  });
});
