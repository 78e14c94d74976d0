import { describe, expect, test } from "vitest";
import {
  type Authority,
  approveAuthority,
  type CaptureFacts,
  type CaptureOrder,
  checkAuthority,
  checkCapture,
  checkCover,
  coversReached,
  emergencyClock,
  lawOfAuthority,
  locks,
  MARKS,
  standingOf,
} from "../src/index.ts";

const at = (hours: number) => Temporal.Instant.from("2026-11-21T20:00:00Z").add({ minutes: Math.round(hours * 60) });
const emergency: Authority = {
  ...{ kind: "emergency", from: at(0), until: null, approvedAt: null, endedAt: null },
  scope: { addresses: ["t.me/room", "*.chat.example", "board.example:8443"], placeIds: ["p1"] },
};
const request: Authority = { ...emergency, kind: "police-request" };
const supervisor = (hours: number) => ({ minor: true, isSupervisor: true, now: at(hours) });
const code = (reason: string) => expect.objectContaining({ reason: expect.objectContaining({ code: reason }) });

describe("an emergency", () => {
  test("stands for 48 hours, to the second, and then locks what was captured under it", () => {
    expect(standingOf(emergency, at(-1))).toBe("not-begun");
    expect(standingOf(emergency, at(0))).toBe("unapproved");
    expect([standingOf(emergency, at(48)), locks(emergency, at(48))]).toEqual(["unapproved", false]);
    const second = at(48).add({ seconds: 1 });
    expect([standingOf(emergency, second), locks(emergency, second)]).toEqual(["lapsed", true]);
  });

  test("lapses also when somebody ended it before", () => {
    expect(standingOf({ ...emergency, endedAt: at(3) }, at(4))).toBe("over");
    expect(standingOf({ ...emergency, endedAt: at(3) }, at(49))).toBe("lapsed");
  });

  test("is approved within its hours by anybody, and opens what it locked when a supervisor records that it was", () => {
    const approval = { at: at(47), until: at(24 * 30) };
    const approved = approveAuthority(emergency, approval, { ...supervisor(47.5), isSupervisor: false });
    expect(standingOf(approved, at(50))).toBe("in-force");
    expect(locks(approveAuthority(emergency, approval, supervisor(72)), at(72))).toBe(false);
    const byCaseworker = { ...supervisor(72), isSupervisor: false };
    expect(() => approveAuthority(emergency, approval, byCaseworker)).toThrow(code("ROLE_MISSING"));
  });

  test.each([
    ["after its hours", 48.1, 60],
    ["before it began", -1, 5],
    ["in the future", 10, 5],
  ])("an approval given %s counts for nothing", (_, given, now) => {
    const approval = { at: at(given), until: at(24 * 30) };
    expect(() => approveAuthority(emergency, approval, supervisor(now))).toThrow(code("AUTHORITY_LAPSED"));
  });

  test("an approval cannot be given twice, nor to a request, nor beyond three months", () => {
    const approval = { at: at(1), until: at(24 * 30) };
    const once = approveAuthority(emergency, approval, supervisor(2));
    expect(() => approveAuthority(once, approval, supervisor(2))).toThrow(code("NOTHING_TO_APPROVE"));
    expect(() => approveAuthority(request, approval, supervisor(2))).toThrow(code("NOTHING_TO_APPROVE"));
    const long = { at: at(1), until: at(24 * 93) };
    expect(() => approveAuthority(emergency, long, supervisor(2))).toThrow(code("AUTHORITY_TOO_LONG"));
  });

  test.each([true, false])("its clock carries law, article, source, date and mark (minor: %s)", (minor) => {
    const clock = emergencyClock(minor);
    expect(clock).toMatchObject({ kind: "legal", length: "hours", count: 48 });
    for (const text of [clock.law.ko, clock.article, clock.source, clock.asOf]) expect(text).not.toBe("");
    expect(MARKS).toContain(clock.mark);
  });
});

describe("a period", () => {
  test("of a permit has an end, three months off at most; a request of the police may stay open", () => {
    const permit: Authority = { ...emergency, kind: "court-permit" };
    expect(() => checkAuthority(permit, true)).toThrow(code("AUTHORITY_TOO_LONG"));
    expect(() => checkAuthority({ ...permit, until: at(24 * 90) }, false)).not.toThrow();
    expect(() => checkAuthority({ ...permit, until: at(24 * 93) }, false)).toThrow(code("AUTHORITY_TOO_LONG"));
    expect(() => checkAuthority({ ...permit, until: at(-1) }, false)).toThrow(code("AUTHORITY_TOO_LONG"));
    expect(() => checkAuthority(request, true)).not.toThrow();
    expect(lawOfAuthority("police-request", true)).toBeNull();
  });
});

describe("what it covers", () => {
  const cover =
    (url: string, placeId: string | null = null) =>
    () =>
      checkCover(request, { url, placeId }, at(1));
  test.each([
    "https://t.me/room",
    "https://t.me/room/55?single",
    "http://a.chat.example/x",
    "https://b.a.chat.example/",
    "https://board.example:8443/x",
  ])("%s is in scope", (url) => expect(cover(url)).not.toThrow());
  test.each([
    "https://t.me/rooms",
    "https://t.me/",
    "https://t.me.evil.example/room",
    "https://chat.example/",
    "https://evilchat.example/",
    "https://board.example/x",
    "https://other.example/t.me/room",
    "not an address",
  ])("%s is not", (url) => expect(cover(url)).toThrow(code("AUTHORITY_OUT_OF_SCOPE")));
  test("a place of the case that it names is covered, another is not; nothing listed covers nothing", () => {
    expect(cover("https://x.example/", "p1")).not.toThrow();
    expect(cover("https://x.example/", "p2")).toThrow(code("AUTHORITY_OUT_OF_SCOPE"));
    const empty = { ...request, scope: { addresses: [], placeIds: [] } };
    const asked = { url: "https://t.me/room", placeId: null };
    expect(() => checkCover(empty, asked, at(1))).toThrow(code("AUTHORITY_OUT_OF_SCOPE"));
  });
  test("an address that a page leads on to is covered as one that was asked for, and of a place what its own host answers", () => {
    const asked = { url: "https://x.example/a", placeId: "p1" };
    expect(coversReached(request, asked, "https://t.me/room/5")).toBe(true);
    expect(coversReached(request, asked, "https://x.example/b")).toBe(true);
    for (const reached of ["https://t.me/rooms", "https://y.example/a", "about:blank", "nonsense"])
      expect(coversReached(request, asked, reached)).toBe(false);
    expect(coversReached(request, { ...asked, placeId: "p2" }, "https://x.example/b")).toBe(false);
  });
  test("before it begins and after it ended nothing is covered", () => {
    const asked = { url: "https://t.me/room", placeId: null };
    for (const [authority, hours, why] of [
      [request, -1, "AUTHORITY_OUT_OF_TIME"],
      [{ ...request, until: at(5) }, 6, "AUTHORITY_OUT_OF_TIME"],
      [{ ...request, endedAt: at(5) }, 6, "AUTHORITY_OUT_OF_TIME"],
      [emergency, 49, "AUTHORITY_LAPSED"],
    ] as const)
      expect(() => checkCover(authority, asked, at(hours))).toThrow(code(why));
  });
});

describe("a capture", () => {
  const open: CaptureOrder = {
    ...{ url: "https://t.me/room", placeId: null, mode: "hash-and-discard", access: "open", signedIn: false },
    legalBasis: null,
  };
  const adult: CaptureFacts = {
    ...{ minor: false, hasMandate: true, authority: null },
    ...{ hasCounsel: true, hasOpinion: false },
  };
  const minor = { ...adult, minor: true, hasOpinion: true };
  const basis = { legalBasis: "her mandate" };
  const asking = (order: Partial<CaptureOrder>, facts: CaptureFacts) => () =>
    checkCapture({ ...open, ...order }, facts, at(1));

  test("of an open page rests on her mandate, a named legal basis or an authority, whoever it is about", () => {
    for (const facts of [adult, minor]) {
      expect(asking({}, { ...facts, hasCounsel: false })).not.toThrow();
      const without = { ...facts, hasMandate: false };
      expect(asking({}, without)).toThrow(code("MANDATE_MISSING"));
      expect(asking(basis, without)).not.toThrow();
      expect(asking({}, { ...without, authority: request })).not.toThrow();
    }
  });

  test("of a minor's page needs counsel's opinion, since to hash a picture is to fetch it, or an authority of the state", () => {
    const facts = { ...minor, hasOpinion: false };
    expect(asking({}, facts)).toThrow(code("OPINION_MISSING"));
    expect(asking(basis, facts)).toThrow(code("OPINION_MISSING"));
    expect(asking({}, { ...facts, authority: request })).not.toThrow();
    expect(asking({}, { ...facts, authority: { ...request, endedAt: at(0) } })).toThrow(code("AUTHORITY_OUT_OF_TIME"));
  });

  test("that keeps what matches does not exist for a minor, under no authority and with no basis", () => {
    const keep = { mode: "keep-matching" as const, ...basis };
    expect(asking(keep, minor)).toThrow(code("KEEPING_REFUSED"));
    expect(asking(keep, { ...minor, authority: request })).toThrow(code("KEEPING_REFUSED"));
    expect(asking(keep, adult)).not.toThrow();
    expect(asking({ ...keep, legalBasis: null }, adult)).toThrow(code("LEGAL_BASIS_MISSING"));
    expect(asking(keep, { ...adult, hasMandate: false })).toThrow(code("MANDATE_MISSING"));
  });

  test.each([{ access: "closed" as const }, { signedIn: true }])(
    "of a closed room (%j) of a minor needs police authority",
    (closed) => {
      expect(asking({ ...closed, ...basis }, minor)).toThrow(code("AUTHORITY_NEEDED"));
      expect(asking({ ...closed, ...basis }, { ...minor, authority: request })).not.toThrow();
      expect(asking({ ...closed, ...basis }, adult)).not.toThrow();
      expect(asking(closed, adult)).toThrow(code("LEGAL_BASIS_MISSING"));
    },
  );

  test("through an account of the centre needs counsel's opinion, also under authority", () => {
    const facts = { ...adult, hasCounsel: false };
    expect(asking({ signedIn: true, ...basis }, facts)).toThrow(code("COUNSEL_MISSING"));
    expect(asking({ signedIn: true, ...basis }, { ...facts, authority: request })).toThrow(code("COUNSEL_MISSING"));
  });

  test("under an authority keeps to its scope, whether or not one was needed", () => {
    const outside = { url: "https://other.example/" };
    expect(asking(outside, { ...adult, authority: request })).toThrow(code("AUTHORITY_OUT_OF_SCOPE"));
  });
});
