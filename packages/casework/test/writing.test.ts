import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ChosenGround,
  chooseGround,
  type Ground,
  LAWS,
  mayAssert,
  NO_READINGS,
  type NoticeField,
  type WritingFacts,
  type WrittenNotice,
  writeNotice,
} from "../src/index.ts";
import { CARD, CENTRE, factsOf, foreignText, NAME, NOTICE_ID, someFacts, stated, TODAY } from "./writing-facts.ts";

const grounds = Object.values(LAWS).flatMap((table) =>
  table.laws.filter((law): law is Ground => law.kind === "ground"),
);
const ground = (id: string): Ground => {
  const found = grounds.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no ground ${id}`);
  return found;
};
const asserting = (id: string): ChosenGround => ({ ground: ground(id), asserted: true, because: "asserted" });
const holding = (id: string): ChosenGround => ({ ground: ground(id), asserted: false, because: "fields-only" });
const american = { ...CARD, jurisdiction: "us", language: "en" } as const;

/** Facts with any ground or none, asserted or not, also where the chooser would never give it. */
const anyFacts: fc.Arbitrary<WritingFacts> = fc
  .tuple(someFacts, fc.constantFrom(null, ...grounds), fc.boolean())
  .map(([facts, ground, asserted]) => ({
    ...facts,
    chosen: { ground, asserted, because: asserted ? ("asserted" as const) : ("fields-only" as const) },
  }));
const SEED = { numRuns: 2000, seed: 44_2 };

/** Everything of a notice that leaves. */
const leaving = ({ subject, text, html, xarf, cloudflare, aws, sheet }: WrittenNotice) =>
  JSON.stringify({ subject, text, html, xarf, cloudflare, aws, sheet });

describe("Korea", () => {
  test("a counselling centre asks for deletion under 22-5, in its own right, without delay and without any hours", () => {
    const notice = writeNotice(factsOf({ chosen: asserting("kr-tba-22-5") }));
    expect(notice.missing).toEqual([]);
    expect(notice.ground).toMatchObject({ id: "kr-tba-22-5", asserted: true, mark: "read" });
    expect(notice.text).toContain("불법촬영물등 삭제요청서");
    expect(notice.text).toContain("근거: 전기통신사업법 제22조의5제1항");
    expect(notice.text).toContain("처리 시기: 이 요청을 받은 때부터 지체 없이");
    expect(notice.text).toContain("자격: 성폭력피해상담소");
    expect(leaving(notice)).not.toMatch(/24 ?시간|24 hours/);
  });

  test("any other sender only reports, and claims no standing of a counselling centre", () => {
    const notice = writeNotice(
      factsOf({
        chosen: asserting("kr-tba-22-5"),
        centre: { ...CENTRE, name: { ko: "가상 모임", en: "A" }, kind: "other" },
      }),
    );
    expect(notice.text).toContain("불법촬영물등 유통 신고서");
    expect(notice.text).not.toMatch(/삭제요청서|자격:|성폭력피해상담소/);
  });

  test("in doubt a temporary measure is asked for under 44-2, but only with her authority", () => {
    const chosen = asserting("kr-tba-22-5");
    expect(writeNotice(factsOf({ chosen })).text).toContain("제44조의2에 따른 임시조치");
    expect(writeNotice(factsOf({ chosen, statements: stated("no-consent") })).text).not.toContain("임시조치");
  });

  test("no temporary measure is asked for once the row of 44-2 was not looked at lately, though that of 22-5 was", () => {
    const row = ground("kr-tba-22-5");
    const fresh = { ...row, source: { ...row.source, asOf: "2027-01-01" } };
    const chosen = { ground: fresh, asserted: true, because: "asserted" } as const;
    const notice = writeNotice(factsOf({ chosen, day: Temporal.PlainDate.from("2027-01-02") }));
    expect(notice.ground?.asserted).toBe(true);
    expect(notice.text).not.toContain("임시조치");
  });

  test("44-2 by itself asks for deletion or a temporary measure and says whom to tell", () => {
    const notice = writeNotice(factsOf({ chosen: asserting("kr-network-44-2") }));
    expect(notice.missing).toEqual([]);
    expect(notice.text).toContain("삭제 또는 임시조치를 요청합니다");
    expect(notice.text).toContain("회신 전자우편: help@centre.example");
  });
});

describe("the Take It Down Act", () => {
  const chosen = asserting("us-tida-223a");
  const statements = stated("is-depicted", "no-consent", "good-faith");

  test("needs signature, place, her good faith and contact, and says 48 hours", () => {
    const notice = writeNotice(factsOf({ card: american, chosen, statements }));
    expect(notice.missing).toEqual([]);
    expect(notice.text).toContain("TAKE IT DOWN Act (47 U.S.C. 223a)");
    expect(notice.text).toContain("within 48 hours");
    expect(notice.text).toContain("Electronic signature: 홍보기 소장");
    expect(notice.declarations).toContainEqual(
      expect.objectContaining({ what: "good-faith", by: "survivor", statement: "good-faith" }),
    );
  });

  test("without them it says what is missing, and declares nothing for her", () => {
    const bare = writeNotice(
      factsOf({
        card: american,
        chosen,
        statements: stated("is-depicted", "no-consent"),
        centre: { ...CENTRE, signer: null },
      }),
    );
    expect(bare.missing).toEqual(["signature", "good-faith"]);
    expect(bare.text).not.toMatch(/good-faith belief/);
  });
});

describe("the Digital Services Act", () => {
  const card = { ...american, jurisdiction: "eu" } as const;
  const nobody = { ...CENTRE, name: { ko: "", en: "" }, contact: { mail: "", phone: "" } };

  test("asks for name and e-mail of who reports, except where a child is abused", () => {
    const facts = { card, chosen: holding("eu-dsa-16"), centre: nobody };
    expect(writeNotice(factsOf(facts)).missing).toEqual(["sender-name", "sender-contact"]);
    expect(writeNotice(factsOf({ ...facts, minor: true })).missing).toEqual([]);
  });

  test("is written for field by field and not named, since its row was not read", () => {
    const notice = writeNotice(factsOf({ card, chosen: holding("eu-dsa-16") }));
    expect(notice.ground).toMatchObject({ id: "eu-dsa-16", asserted: false });
    expect(notice.text).toContain("accurate and complete");
    expect(leaving(notice)).not.toMatch(/Digital Services|2022\/2065|article\/section/);
  });
});

test("a complaint to eSafety asks for a removal notice and starts no period of its own", () => {
  const card = { ...american, jurisdiction: "au", kind: "regulator" } as const;
  const statements = stated("is-depicted", "no-consent", "is-in-au");
  const chosen = chooseGround({
    card,
    reach: "closed",
    minor: false,
    statements,
    senderKinds: [],
    day: TODAY,
    readings: NO_READINGS,
  });
  const notice = writeNotice(factsOf({ card, statements, chosen }));
  expect(notice.missing).toEqual([]);
  expect(notice.text).toContain("ask for a removal notice");
  expect(notice.text).toContain("Online Safety Act 2021");
  expect(notice.text).not.toContain("24");
});

test("a plain request names no law, and still says what, where, why and who", () => {
  const notice = writeNotice(factsOf({}));
  expect(notice.ground).toBeNull();
  expect(notice.missing).toEqual([]);
  expect(notice.text).not.toMatch(/근거:|법 제\d/);
  expect(notice.text).toContain("1. https://board.example/p/1");
});

describe("her name", () => {
  const statements = stated("is-depicted", "no-consent", "name-may-be-given");

  test("stands in a notice only with her own yes to that, and never in what machines read", () => {
    const card = { ...CARD, xarf: true, form: "https://board.example/report" };
    const given = writeNotice(factsOf({ card, statements }));
    expect(given.text).toContain(NAME);
    expect(given.html).toContain(NAME);
    expect(JSON.stringify(given.sheet)).toContain(NAME);
    expect(JSON.stringify([given.subject, given.xarf])).not.toContain(NAME);
    expect(leaving(writeNotice(factsOf({ card })))).not.toContain(NAME);
  });
});

test("every declaration names who makes it and the statement of hers it stands on, in the notice too", () => {
  const notice = writeNotice(factsOf({ statements: stated("speaks-for", "no-consent") }));
  expect(notice.declarations.map(({ what, by, statement }) => [what, by, statement])).toEqual([
    ["reason", "survivor", "no-consent"],
    ["authority", "centre", "speaks-for"],
  ]);
  expect(notice.text).toContain("선언: 보내는 기관, 당사자를 대신한다는 당사자 쪽 진술에 따름");
});

test("a sheet for a web form has every address on its own line and no empty row", () => {
  const card = { ...CARD, form: "https://board.example/report" };
  const places = [1, 2].map((at) => ({ kind: "url" as const, text: `https://board.example/p/${at}` }));
  const { sheet } = writeNotice(factsOf({ card, places }));
  expect(sheet?.url).toBe("https://board.example/report");
  expect(sheet?.rows[0]?.value).toBe("https://board.example/p/1\nhttps://board.example/p/2");
  expect(sheet?.rows.every(({ value }) => value.trim() !== "")).toBe(true);
  expect(sheet?.rows.at(-1)?.value).toBe(NOTICE_ID);
});

describe("whatever the facts", () => {
  const shown = (facts: WritingFacts, notice: WrittenNotice): Readonly<Record<NoticeField, boolean>> => {
    const has = (text: string | null) =>
      text !== null && text.trim() !== "" && notice.text.includes(text.trim().replace(/\s+/g, " "));
    const declares = (what: NoticeField) => notice.declarations.some((each) => each.what === what && has(each.text));
    const { centre, card } = facts;
    return {
      place: facts.places.length > 0 && /\n1\. ./.test(notice.text),
      reason: declares("reason"),
      "sender-name": has(centre.name[card.language]),
      "sender-contact": has(centre.contact.mail),
      "progress-contact": has(centre.contact.mail),
      signature: has(centre.signer),
      "good-faith": declares("good-faith"),
      authority: declares("authority"),
      truth: declares("truth"),
      "depicted-name": has(NAME),
      "intimate-content": declares("intimate-content"),
      "search-result": notice.sheet?.rows.some(({ label }) => label.en.includes("search results")) ?? false,
      "identity-document": false,
      mandate: false,
    };
  };

  test("a notice holds each field its ground demands, or names it as missing", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const notice = writeNotice(facts);
        const isChild = facts.minor && facts.chosen.ground?.id === "eu-dsa-16";
        const demanded = facts.chosen.ground?.notice ?? ["place", "reason", "sender-name", "sender-contact"];
        const holds = shown(facts, notice);
        for (const field of demanded) {
          if (isChild && (field === "sender-name" || field === "sender-contact")) continue;
          expect(holds[field] || notice.missing.includes(field), field).toBe(true);
        }
      }),
      SEED,
    );
  });

  test("no law is named that may not be asserted that day, and a target of policy stands nowhere", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const notice = writeNotice({ ...facts, places: [] });
        const may = grounds.filter((each) => mayAssert(each, facts.day, facts.readings));
        const named = new Set(may.flatMap(({ law }) => [law.ko, law.en]));
        for (const { law } of grounds)
          for (const name of [law.ko, law.en]) expect(named.has(name) || !notice.text.includes(name), name).toBe(true);
        expect(notice.ground?.asserted ?? false).toBe(
          facts.chosen.asserted &&
            facts.chosen.ground !== null &&
            mayAssert(facts.chosen.ground, facts.day, facts.readings),
        );
        expect(notice.text).not.toMatch(/24시간|within 24 hours/);
      }),
      SEED,
    );
  });

  test("nothing is declared that she did not state, and her name stays out without her yes", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const notice = writeNotice(facts);
        const said = new Set<string>(facts.statements.map(({ what }) => what));
        for (const { what, statement } of notice.declarations)
          expect(statement === null ? what === "reason" && facts.minor : said.has(statement)).toBe(true);
        if (!said.has("name-may-be-given")) expect(leaving(notice)).not.toContain(NAME);
        expect(JSON.stringify([notice.xarf, notice.cloudflare, notice.aws])).not.toContain(NAME);
      }),
      SEED,
    );
  });

  test("hostile text stays in its field: no new line, header, element or attribute", () => {
    const plainest = factsOf({ places: [{ kind: "room", text: "@a" }] });
    const shape = (html: string) => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag).join("");
    const lines = (text: string) => text.split(/\r\n|[\n\r\u2028\u2029\u0085]/).length;
    const calm = writeNotice(plainest);
    fc.assert(
      fc.property(foreignText, foreignText, fc.constantFrom("url" as const, "room" as const), (text, name, kind) => {
        const notice = writeNotice({
          ...plainest,
          card: { ...CARD, name: { ko: name, en: name }, form: null },
          places: [{ kind, text: `https://a.example/${text}` }],
        });
        expect(shape(notice.html)).toBe(shape(calm.html));
        expect(lines(notice.text)).toBe(lines(calm.text));
        expect(notice.text).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[^\P{Cc}\n]/u);
        expect(notice.subject).toBe(calm.subject);
      }),
      SEED,
    );
  });
});
