import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import { chooseGround, findEntry, NO_READINGS, type RecipientCard, type Statement, writeNotice } from "../src/index.ts";
import { CARD, factsOf, foreignText, NAME, PAGE, stated, TODAY } from "./writing-facts.ts";

const cardOf = (key: string): RecipientCard => {
  const card = findEntry(key)?.card;
  if (card === undefined) throw new Error(`no recipient: ${key}`);
  return card;
};
const rowOf = (notice: ReturnType<typeof writeNotice>, label: string) =>
  notice.sheet?.rows.find((row) => row.label.en.startsWith(label))?.value;
const url = (text: string) => ({ kind: "url" as const, text });

describe("Discord's form asks for her name and for who reports", () => {
  const facts = { card: cardOf("discord"), places: [url("https://discord.com/channels/1/2")] };

  test("without her word that it may be given, or without who signs, nothing is sent and her name stands nowhere", () => {
    const lacking = writeNotice(factsOf({ ...facts, centre: { ...factsOf({}).centre, signer: null } }));
    expect(lacking.missing).toEqual(["depicted-name", "signature"]);
    expect(JSON.stringify(lacking)).not.toContain(NAME);
  });

  test("with both it stands in the sheet", () => {
    const statements = stated("is-depicted", "no-consent", "name-may-be-given");
    const notice = writeNotice(factsOf({ ...facts, statements }));
    expect(notice.missing).toEqual([]);
    expect(rowOf(notice, "Name of the person depicted")).toBe(NAME);
    expect(rowOf(notice, "Signature")).toBe(factsOf({}).centre.signer);
  });
});

describe("Google's form asks for the page of results and the page they lead to", () => {
  const card = cardOf("google-search");
  const noticeOn = (...places: readonly string[]) => writeNotice(factsOf({ card, places: places.map(url) }));

  test("a page is searched for by its own address, which holds nothing the notice does not", () => {
    const notice = noticeOn("https://board.example/p/1?a=b&c=d");
    expect(notice.missing).toEqual([]);
    expect(rowOf(notice, "Addresses of the content")).toBe("https://board.example/p/1?a=b&c=d");
    expect(rowOf(notice, "Addresses of the search results")).toBe(
      "https://www.google.com/search?q=https%3A%2F%2Fboard.example%2Fp%2F1%3Fa%3Db%26c%3Dd",
    );
  });

  test("a page of results stands with the page it names, or with the pages of the notice", () => {
    const picture = noticeOn(
      "https://www.google.com/imgres?imgurl=https://img.example/1.jpg&imgrefurl=https://board.example/p/1",
    );
    expect(picture.missing).toEqual([]);
    expect(rowOf(picture, "Addresses of the content")).toBe("https://board.example/p/1");
    const both = noticeOn("https://www.google.com/search?q=invented+words", "https://board.example/p/1");
    expect(rowOf(both, "Addresses of the content")).toBe("https://board.example/p/1");
    expect(rowOf(both, "Addresses of the search results")?.split("\n")).toHaveLength(2);
  });

  test("results alone, which name no page, are not sent", () => {
    expect(noticeOn("https://www.google.com/search?q=invented+words").missing).toEqual(["search-result"]);
    expect(noticeOn("https://www.google.com/search?q=javascript:alert(1)").missing).toEqual(["search-result"]);
  });

  test("whatever stands in an address, each listing is on one line", () => {
    fc.assert(
      fc.property(fc.array(foreignText, { minLength: 1, maxLength: 3 }), (texts) => {
        const notice = noticeOn(...texts.map((text) => `https://a.example/${text}`));
        const lines = rowOf(notice, "Addresses of the search results")?.split("\n") ?? [];
        expect(new Set(lines).size).toBe(lines.length);
        for (const line of lines)
          expect(line).toMatch(/^https:\/\/www\.google\.com\/search\?q=https%3A%2F%2Fa\.example%2F/);
        expect(lines.length > 0 || notice.missing.length > 0).toBe(true);
      }),
      { seed: 4, numRuns: FUZZ_RUNS },
    );
  });
});

describe("a report in the United Kingdom declares that the content is intimate", () => {
  const written = (...what: readonly Statement[]) => {
    const card: RecipientCard = { ...CARD, jurisdiction: "gb", language: "en" };
    const statements = stated(...what);
    const day = TODAY;
    const chosen = chooseGround({
      ...{ card, reach: "public", minor: false, statements, senderKinds: ["other"], day, readings: NO_READINGS },
    });
    return writeNotice(factsOf({ card, places: [PAGE], statements, chosen }));
  };

  test("on her statement alone, since nobody looks", () => {
    const notice = written("is-depicted", "no-consent", "good-faith", "truth", "is-intimate");
    expect(notice.ground).toMatchObject({ id: "gb-intimate-image-report", asserted: false });
    expect(notice.missing).toEqual([]);
    expect(notice.declarations).toContainEqual(
      expect.objectContaining({ what: "intimate-content", by: "centre", statement: "is-intimate" }),
    );
    expect(notice.text).toContain("We have not viewed it.");
  });

  test("without it nothing is sent", () => {
    expect(written("is-depicted", "no-consent", "good-faith", "truth").missing).toEqual(["intimate-content"]);
  });
});
