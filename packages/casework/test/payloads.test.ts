import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asTrial, type PlaceAddress, splitPlaces, writeNotice } from "../src/index.ts";
import { CARD, CENTRE, factsOf, NAME, NOTICE_ID, someCard, someFacts, stated } from "./writing-facts.ts";
import { hasSchemas, xarfValidator } from "./xarf-schemas.ts";

const isXarf = xarfValidator();
const page = (at: number, host = "a.example"): PlaceAddress => ({ kind: "url", text: `https://${host}/${at}` });
const pages = (many: number) => Array.from({ length: many }, (_, at) => page(at));

describe("XARF 4.2", () => {
  const card = { ...CARD, kind: "host", language: "en", xarf: true } as const;

  test("an adult's images are exposed data, those of a child or of unknown age csem, and both hold for its own schema", () => {
    for (const minor of [false, true]) {
      const [report] = writeNotice(factsOf({ card, minor })).xarf;
      expect(isXarf(report), JSON.stringify(isXarf.errors)).toBe(true);
      expect(report?.type).toBe(minor ? "csem" : "exposed_data");
      expect(report).toMatchObject({
        xarf_version: "4.2.0",
        source_identifier: "board.example",
        reporter: { domain: "centre.example" },
      });
      expect(report).not.toHaveProperty("evidence");
    }
  });

  test(
    hasSchemas
      ? "the schema is no rubber stamp: a type of our own, a missing field and a bad tag are refused"
      : "skipped: no schemas",
    () => {
      if (!hasSchemas) return;
      const [report] = writeNotice(factsOf({ card })).xarf;
      expect(isXarf({ ...report, type: "ncii" })).toBe(false);
      expect(isXarf({ ...report, url: undefined })).toBe(false);
      expect(isXarf({ ...report, tags: ["NCII"] })).toBe(false);
    },
  );

  test("one report for each page, each with an id of its own, the first the notice's", () => {
    const ids = writeNotice(factsOf({ card, places: pages(300) })).xarf.map((report) => report.report_id);
    expect(ids[0]).toBe(NOTICE_ID);
    expect(new Set(ids).size).toBe(300);
  });

  test("whatever the facts, every report holds for the schema, names nobody and carries no evidence", () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const chosen = { ground: null, asserted: false, because: "no-ground-there" } as const;
        const { xarf, aws } = writeNotice({ ...facts, chosen });
        for (const report of [...xarf, ...aws.map((request) => asTrial(request).report.xarf)]) {
          expect(isXarf(report), JSON.stringify(isXarf.errors)).toBe(true);
          expect(JSON.stringify(report)).not.toMatch(new RegExp(`${NAME}|"evidence"|_internal`));
          expect(report.type).toBe(facts.minor ? "csem" : "exposed_data");
        }
      }),
      { numRuns: 2000, seed: 4_2 },
    );
  });
});

describe("Cloudflare", () => {
  const card = {
    ...CARD,
    kind: "network",
    language: "en",
    api: "cloudflare",
    mostPlaces: 250,
    sameHost: true,
  } as const;

  test("gets the centre only, tells the host no name and the owner nothing, and is told that no centre is the person shown", () => {
    const { cloudflare } = writeNotice(factsOf({ card, places: pages(250) }));
    expect(cloudflare).toMatchObject({
      act: "abuse_ncsei",
      name: CENTRE.name.en,
      email: CENTRE.contact.mail,
      email2: CENTRE.contact.mail,
      host_notification: "send-anon",
      owner_notification: "none",
      ncsei_subject_representation: false,
    });
    expect(cloudflare?.urls.split("\n")).toHaveLength(250);
    expect(cloudflare?.comments).toContain(NOTICE_ID);
  });

  test("fields keep to their documented lengths, without cutting a character in two", () => {
    const name = { ko: "센", en: "𝒞".repeat(300) };
    const { cloudflare } = writeNotice(factsOf({ card, centre: { ...CENTRE, name } }));
    expect(cloudflare?.name.length).toBeLessThanOrEqual(255);
    expect(cloudflare?.company?.length).toBeLessThanOrEqual(100);
    expect(cloudflare?.name.isWellFormed()).toBe(true);
  });

  test("another host, a room, too many pages or no address of mail leave the notice incomplete instead of sending less", () => {
    const places = { missing: ["place"], cloudflare: null };
    expect(writeNotice(factsOf({ card, places: [page(1), page(1, "b.example")] }))).toMatchObject(places);
    expect(writeNotice(factsOf({ card, places: [{ kind: "room", text: "@a" }] }))).toMatchObject(places);
    expect(writeNotice(factsOf({ card, places: pages(251) }))).toMatchObject(places);
    const centre = { ...CENTRE, contact: { mail: "", phone: "" } };
    expect(writeNotice(factsOf({ card, centre }))).toMatchObject({ missing: ["sender-contact"], cloudflare: null });
  });
});

describe("AWS", () => {
  const card = { ...CARD, kind: "host", language: "en", api: "aws", mostPlaces: 1 } as const;

  test("gets XARF under the notice's id, so that a second sending is the same report", () => {
    const { aws } = writeNotice(factsOf({ card }));
    expect(aws).toHaveLength(1);
    expect(aws[0]).toMatchObject({ correlationId: NOTICE_ID, clientToken: NOTICE_ID });
    expect(isXarf(aws[0]?.report.xarf)).toBe(true);
  });

  test("a room leaves the notice incomplete", () => {
    const places = [page(1), { kind: "room", text: "@a" } as const];
    expect(writeNotice(factsOf({ card, places })).missing).toEqual(["place"]);
  });
});

describe("batches", () => {
  test("are the fewest the recipient accepts: by most places, and by host where it must be one", () => {
    const places = [...pages(251), page(1, "b.example"), page(0)];
    const sizes = (mostPlaces: number, sameHost: boolean) =>
      splitPlaces({ mostPlaces, sameHost }, places).map((batch) => batch.length);
    expect(sizes(500, false)).toEqual([252]);
    expect(sizes(250, false)).toEqual([250, 2]);
    expect(sizes(250, true)).toEqual([250, 1, 1]);
  });

  test("whatever the places, none is lost or doubled, and no batch breaks a rule", () => {
    const place = fc.record({
      kind: fc.constantFrom("url" as const, "room" as const),
      text: fc.constantFrom(
        "https://a.example/1",
        "https://a.example/2",
        "https://b.example/1",
        "@r",
        "no address",
        "https://c.example/",
      ),
    });
    fc.assert(
      fc.property(someCard, fc.array(place, { maxLength: 30 }), (card, places) => {
        const batches = splitPlaces(card, places);
        const named = batches.flat().map(({ kind, text }) => `${kind} ${text}`);
        expect(new Set(named).size).toBe(named.length);
        expect(new Set(named)).toEqual(new Set(places.map(({ kind, text }) => `${kind} ${text}`)));
        for (const batch of batches) {
          expect(batch.length > 0 && batch.length <= card.mostPlaces).toBe(true);
          const hosts = batch.map(({ kind, text }) =>
            kind === "url" && URL.canParse(text) ? new URL(text).host : kind,
          );
          if (card.sameHost && hosts.every((host) => host !== "url")) expect(new Set(hosts).size).toBe(1);
        }
      }),
      { numRuns: 2000, seed: 250 },
    );
  });
});

test("what is written is plain JSON", () => {
  const notice = writeNotice(factsOf({ statements: stated("is-depicted", "no-consent", "truth") }));
  expect(JSON.parse(JSON.stringify(notice))).toEqual(notice);
});
