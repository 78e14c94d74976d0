import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  besidesOf,
  CASES_THAT_COUNT,
  cardOfSite,
  type FoundRecipients,
  findInRegistry,
  identityOf,
  JURISDICTIONS,
  type LadderFacts,
  ladderOf,
  type RecipientCard,
  type Rung,
  readPlace,
  routeResults,
  WAITS,
} from "../src/index.ts";

const found = (kind: RecipientCard["kind"], name: string): RecipientCard => ({
  ...cardOfSite(name, { mail: `abuse@${name}`, form: null }),
  kind,
});
const site = found("platform", "board.example");
const network = found("network", "network.example");
const host = found("host", "host.example");
const registrar = found("registrar", "registrar.example");
const nobody: FoundRecipients = { platform: null, site: null, network: null, host: null, registrar: null };

const facts = (typed: string, change: Partial<LadderFacts> = {}): LadderFacts => {
  const address = readPlace(typed);
  if (address === null) throw new Error(`no place: ${typed}`);
  return {
    address,
    minor: false,
    found: { ...nobody, platform: findInRegistry(address) },
    results: [],
    isHostile: () => false,
    jurisdictions: ["kr"],
    ...change,
  };
};
const said = (rungs: readonly Rung[]) =>
  rungs.map(({ card, afterHours }) => `${card.registryKey ?? card.name.en} ${afterHours}`);
const board = (change: Partial<LadderFacts> = {}) =>
  facts("https://board.example/1", { found: { platform: null, site, network, host, registrar }, ...change });
const is = (...cards: readonly RecipientCard[]) => {
  const identities = new Set(cards.map(identityOf));
  return (card: RecipientCard) => identities.has(identityOf(card));
};

describe("a page of a listed platform", () => {
  test("is asked of the platform, then search engines stop listing it, then the board", () => {
    expect(said(ladderOf(facts("https://x.com/nobody/status/1")))).toEqual([
      "x 0",
      "google-search 24",
      "naver-search 24",
      "daum-search 24",
      "bing 24",
      "kmcsc 24",
      "ftc 48",
    ]);
  });

  test("is not asked of whoever hosts it or sold its name", () => {
    const rungs = ladderOf(
      facts("https://x.com/nobody/status/1", {
        found: { platform: findInRegistry({ kind: "url", text: "https://x.com/" }), site, network, host, registrar },
      }),
    );
    expect(rungs.some(({ card }) => ["host", "network", "registrar"].includes(card.kind))).toBe(false);
  });

  test("that shows a child goes to the Korean board at once", () => {
    const rungs = ladderOf(facts("https://x.com/nobody/status/1", { minor: true }));
    expect(rungs.find(({ card }) => card.registryKey === "kmcsc")).toMatchObject({ afterHours: 0, why: "child-first" });
  });
});

describe("a site nobody listed", () => {
  test("is asked at once with the network in front of it and search engines; its host a day later, its registrar last", () => {
    expect(said(ladderOf(board()))).toEqual([
      "board.example 0",
      "network.example 0",
      "google-search 0",
      "naver-search 0",
      "daum-search 0",
      "bing 0",
      `host.example ${WAITS.host}`,
      "kmcsc 24",
      `registrar.example ${WAITS.registrar}`,
    ]);
  });

  test("whose operator is the threat is never asked; its host is, at once", () => {
    const rungs = ladderOf(board({ isHostile: is(site) }));
    expect(rungs.some(({ card }) => card === site)).toBe(false);
    expect(rungs.find(({ card }) => card === host)).toMatchObject({ afterHours: 0, why: "site-hostile" });
  });

  test("is asked of its host at once where nobody at the site can be reached", () => {
    const rungs = ladderOf(board({ found: { ...nobody, host } }));
    expect(rungs[0]).toMatchObject({ card: host, afterHours: 0 });
  });

  test("that nobody can be found for still goes to search engines and the board", () => {
    expect(said(ladderOf(facts("https://board.example/1")))).toEqual([
      ...["google-search 0", "naver-search 0", "daum-search 0", "bing 0", "kmcsc 0"],
    ]);
  });

  test("on a listed network or host is asked of that one first", () => {
    expect(
      said(
        ladderOf(
          facts("https://pub-1.r2.dev/a.jpg", {
            found: { ...nobody, platform: findInRegistry({ kind: "url", text: "https://pub-1.r2.dev/a.jpg" }), host },
          }),
        ),
      ),
    ).toContain("cloudflare 0");
  });
});

describe("a closed room", () => {
  test("is asked of its platform; the board of what is public, search engines and hosts stand on no ladder of it", () => {
    expect(said(ladderOf(facts("https://t.me/+AbCdEf", { minor: true })))).toEqual(["telegram 0"]);
    expect(said(ladderOf(facts("https://discord.gg/AbCdEf")))).toEqual(["discord 0", "ftc 48"]);
    expect(said(ladderOf(facts("https://open.kakao.com/o/abc")))).toEqual(["kakao 0"]);
  });

  test("has the police, the list and evidence beside it; a public page of an adult the list alone", () => {
    expect(besidesOf(facts("https://t.me/+AbCdEf"))).toEqual(["police", "list", "preserve-evidence"]);
    expect(besidesOf(facts("@nobody"))).toEqual(["police", "list", "preserve-evidence"]);
    expect(besidesOf(facts("https://x.com/nobody/status/1"))).toEqual(["list"]);
    expect(besidesOf(facts("https://x.com/nobody/status/1", { minor: true }))).toEqual(["police", "list"]);
  });

  test("a bare handle has nobody to ask until somebody says whose it is, and then no search engine either", () => {
    expect(ladderOf(facts("@nobody"))).toEqual([]);
    const platform = findInRegistry({ kind: "url", text: "https://t.me/nobody" });
    expect(said(ladderOf(facts("@nobody", { found: { ...nobody, platform } })))).toEqual(["telegram 0", "kmcsc 24"]);
  });
});

describe("authorities", () => {
  const regulators = (typed: string, change: Partial<LadderFacts>) =>
    said(ladderOf(facts(typed, change)).filter(({ card }) => card.kind === "regulator"));

  test("act for who lives there or over whom they rule", () => {
    expect(regulators("https://x.com/nobody/status/1", { jurisdictions: ["au"] })).toEqual(["esafety 0", "ftc 48"]);
    expect(regulators("https://t.me/room", { jurisdictions: ["eu"] })).toEqual([`dsa-coordinator ${WAITS.regulator}`]);
    expect(regulators("https://t.me/room", { jurisdictions: ["kr"] })).toEqual(["kmcsc 24"]);
    expect(regulators("https://blog.naver.com/a/1", { jurisdictions: ["eu"] })).toEqual([]);
    expect(regulators("https://blog.naver.com/a/1", { jurisdictions: ["gb"] })).toEqual([`ofcom ${WAITS.regulator}`]);
  });

  test("are never asked before the law's own period has run out", () => {
    const ftc = ladderOf(facts("https://x.com/nobody/status/1")).find(({ card }) => card.registryKey === "ftc");
    expect(ftc).toMatchObject({ afterHours: 48, why: "after-its-period" });
  });
});

describe("measured results", () => {
  const results = (cases: number, of: RecipientCard, removed: boolean) =>
    routeResults(
      Array.from({ length: cases }, (_, at) => ({
        recipient: identityOf(of),
        ground: null,
        channel: "mail" as const,
        caseKey: `c${at}`,
        answer: { hours: 5, ended: true },
        removal: removed ? { hours: 20, ended: true } : { hours: 400, ended: false },
        back: null,
      })),
      ["recipient"],
    );
  const hostRung = (cases: number) =>
    ladderOf(board({ results: [...results(cases, site, false), ...results(cases, host, true)] })).find(
      ({ card }) => card === host,
    );

  test("move a route up that works better, once enough cases show it and not before", () => {
    expect(hostRung(CASES_THAT_COUNT)).toMatchObject({ afterHours: 0, why: "works-better" });
    expect(hostRung(CASES_THAT_COUNT - 1)).toMatchObject({ afterHours: WAITS.host, why: "site-silent" });
  });

  test("move nobody up who works worse, nor search engines and authorities, who remove nothing at the source", () => {
    const rungs = ladderOf(board({ results: [...results(50, site, true), ...results(50, host, false)] }));
    expect(rungs.find(({ card }) => card === host)?.afterHours).toBe(WAITS.host);
    const [kmcsc] = ladderOf(board()).filter(({ card }) => card.registryKey === "kmcsc");
    const better = kmcsc === undefined ? [] : results(50, kmcsc.card, true);
    const again = ladderOf(board({ results: [...results(50, site, false), ...better] }));
    expect(again.find(({ card }) => card.registryKey === "kmcsc")?.afterHours).toBe(24);
    const worse = kmcsc === undefined ? [] : results(50, kmcsc.card, false);
    const besideBoard = ladderOf(board({ minor: true, results: [...results(50, host, true), ...worse] }));
    expect(besideBoard.find(({ card }) => card === host)?.afterHours).toBe(WAITS.host);
  });
});

test("on no ladder stands anybody hostile, or anybody twice, and waiting never goes back", () => {
  const typed = fc.constantFrom(
    "https://board.example/1",
    "https://t.me/+a",
    "https://x.com/a/status/1",
    "@nobody",
    "https://cafe.naver.com/a/1",
  );
  const some = fc.option(fc.constantFrom(site, network, host, registrar, { ...host, kind: "registrar" as const }), {
    nil: null,
  });
  const shape = fc.record({
    typed,
    site: some,
    network: some,
    host: some,
    registrar: some,
    minor: fc.boolean(),
    hostile: fc.array(fc.nat({ max: 9 })),
    jurisdictions: fc.subarray([...JURISDICTIONS]),
  });
  fc.assert(
    fc.property(shape, ({ typed: text, minor, hostile, jurisdictions, ...cards }) => {
      const base = facts(text, { minor, jurisdictions });
      const all = ladderOf({ ...base, found: { ...base.found, ...cards } });
      const bad = hostile.flatMap((at) => (all[at] ? [all[at].card] : []));
      const rungs = ladderOf({ ...base, found: { ...base.found, ...cards }, isHostile: is(...bad) });
      const identities = rungs.map(({ card }) => identityOf(card));
      expect(new Set(identities).size).toBe(identities.length);
      expect(rungs.some(({ card }) => is(...bad)(card))).toBe(false);
      const hours = rungs.map(({ afterHours }) => afterHours);
      expect(hours).toEqual(hours.toSorted((one, other) => one - other));
    }),
    { seed: 11, numRuns: 300 },
  );
});
