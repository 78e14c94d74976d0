import fc from "fast-check";
import { expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import { readBootstrap, serversOfAddress, serversOfDomain } from "../src/places/bootstrap.ts";
import {
  findAbuse,
  findHolder,
  findRegistrar,
  findRelated,
  isRedacted,
  type RdapObject,
} from "../src/places/entity.ts";
import { hostOf } from "../src/places/host.ts";
import { cleanMail, readCard } from "../src/places/jcard.ts";
import { jurisdictionOf } from "../src/places/jurisdiction.ts";
import { blockOf, holdsAddress, holdsBlock } from "../src/places/network.ts";
import { providerOfAddress, providerOfNetwork } from "../src/places/provider.ts";
import { abuse, card, DOCUMENTATION_4, domain, entity, inCountry, mail, network } from "./rdap-records.ts";

const read = (...properties: Parameters<typeof mail>[] | unknown[]) => readCard(["vcard", properties]);

test("of several mail addresses the preferred one comes first, else the first", () => {
  expect(read(mail("a@x.example"), mail("b@x.example")).mails).toEqual(["a@x.example", "b@x.example"]);
  expect(read(mail("a@x.example", { pref: "2" }), mail("b@x.example", { pref: "1" })).mails[0]).toBe("b@x.example");
  expect(read(["email", {}, "text", "a@x.example", "b@x.example"]).mails).toEqual(["a@x.example", "b@x.example"]);
});

test("a contact-uri is a form when it is https, and mail when it says mailto", () => {
  const uri = (value: string) => ["contact-uri", {}, "uri", value];
  expect(read(uri("https://x.example/report?a=1"))).toMatchObject({
    mails: [],
    forms: ["https://x.example/report?a=1"],
  });
  expect(read(uri("mailto:a@x.example?subject=hi"))).toMatchObject({ mails: ["a@x.example"], forms: [] });
  for (const other of ["http://x.example/", "https://me:pw@x.example/", "javascript:alert(1)", "https://localhost/"])
    expect(read(uri(other)).forms).toEqual([]);
});

test.each([
  "REDACTED FOR PRIVACY",
  "Please query the RDDS service of the Registrar of Record",
  "a@x.example\r\nBcc: everybody@x.example",
  "a@x.example, b@x.example",
  "<a@x.example>",
  '"a b"@x.example',
  "a@localhost",
  "a@192.0.2.1",
  "a@b@x.example",
  "-oQ/tmp@x.example",
  `${"a".repeat(65)}@x.example`,
  `a@${"b".repeat(64)}.example`,
  `a@${"b.".repeat(130)}example`,
  "",
])("%j is no mail address that a header may hold", (text) => {
  expect(cleanMail(text)).toBeNull();
});

test("a mail address in another script is written in A-labels", () => {
  expect(cleanMail("abuse@예시.한국")).toBe("abuse@xn--vv4b11d.xn--3e0b707e");
});

test("names are one visible line, without characters that turn it round", () => {
  expect(readCard(card("Evil\u202egnp.exe\u0000\n\tInc.")).name).toBe("Evil gnp.exe Inc.");
  expect(readCard(card("REDACTED FOR PRIVACY")).name).toBeNull();
  expect(readCard(card("a".repeat(100_000))).name).toHaveLength(120);
});

test("a contact for abuse is found at any depth, the nearest that can be reached first", () => {
  const deep = {
    entities: [entity(["registrant"], undefined, [entity(["technical"], undefined, [abuse("deep@x.example")])])],
  };
  expect(findAbuse(deep)?.mails).toEqual(["deep@x.example"]);
  expect(findAbuse({ entities: [...deep.entities, abuse("near@x.example")] })?.mails).toEqual(["near@x.example"]);
  const empty = entity(["abuse"], card("Nobody"));
  expect(findAbuse({ entities: [empty, ...deep.entities] })?.mails).toEqual(["deep@x.example"]);
  expect(findAbuse({ entities: [abuse("person@x.example"), abuse("abuse@x.example")] })?.mails[0]).toBe(
    "abuse@x.example",
  );
});

test("without a contact for abuse nobody else is taken for it", () => {
  expect(
    findAbuse({ entities: [entity(["technical", "administrative"], card("Tech", mail("tech@x.example")))] }),
  ).toBeNull();
  expect(findHolder({ entities: [entity(["registrant"], card("Holder", inCountry("KR")))] })).toMatchObject({
    name: "Holder",
    country: "KR",
  });
});

test("the registrar's contact is nested in it, or stands beside it", () => {
  expect(findRegistrar(domain("a.example") as RdapObject)).toMatchObject({
    registrar: { name: "Invented Names Inc.", country: "US" },
    abuse: { mails: ["abuse@names.example"] },
  });
  const beside = { entities: [entity(["registrar"], card("Names")), abuse("abuse@names.example")] };
  expect(findRegistrar(beside)?.abuse?.mails).toEqual(["abuse@names.example"]);
  expect(findRegistrar({ entities: [abuse("abuse@names.example")] })).toBeNull();
});

test("what was withheld is told by RFC 9537 and by the older remarks", () => {
  expect(
    isRedacted({ redacted: [{ name: { description: "Registrar Abuse Contact Email" }, method: "removal" }] }),
  ).toBe(true);
  expect(isRedacted({ entities: [{ ...entity(["registrar"]), remarks: [{ title: "REDACTED FOR PRIVACY" }] }] })).toBe(
    true,
  );
  expect(isRedacted(domain("a.example") as RdapObject)).toBe(false);
});

test("of the links only those to another directory's record are followed", () => {
  const type = "application/rdap+json";
  const links = [
    { rel: "self", href: "https://r.example/domain/a.example", type },
    { rel: "related", href: "https://r.example/domain/a.example", type },
    { rel: "related", href: "https://r.example/domain/a.example", type: "text/html" },
    { rel: "related", href: "https://r.example/", type },
  ];
  expect(findRelated({ links })).toEqual(["https://r.example/domain/a.example"]);
});

test("a directory that answers about another network is not believed", () => {
  const record = network(DOCUMENTATION_4) as RdapObject;
  expect(holdsAddress(record, "192.0.2.7")).toBe(true);
  expect(holdsAddress(record, "192.0.3.7")).toBe(false);
  expect(holdsAddress(record, "2001:db8::1")).toBe(false);
  expect(holdsAddress({ ...record, objectClassName: "domain" }, "192.0.2.7")).toBe(false);
  expect(holdsAddress({ ...record, startAddress: 7 }, "192.0.2.7")).toBe(false);
});

test("an answer is shared by a block only when its network holds the whole block", () => {
  expect([blockOf("192.0.2.77"), blockOf("2001:db8:7:8::1")]).toEqual(["192.0.2.0/24", "2001:db8:7::/48"]);
  expect(holdsBlock(network(DOCUMENTATION_4) as RdapObject, "192.0.2.7")).toBe(true);
  expect(holdsBlock(network(["192.0.2.0", "192.0.2.127"]) as RdapObject, "192.0.2.7")).toBe(false);
});

const FILE = JSON.stringify({
  version: "1.0",
  services: [
    [
      ["example", "xn--3e0b707e"],
      ["http://plain.example/rdap/", "https://rdap.example/"],
    ],
    [["shop.example"], ["https://shop.example/rdap"]],
    "broken",
    [["192.0.0.0/8"], ["https://wide.example/"]],
    [["192.0.2.0/24", "no prefix"], ["https://narrow.example/"]],
    [["2001:db8::/32"], ["https://six.example/"]],
    [["nobody"], []],
  ],
});

test("a bootstrap file gives the directory of the longest suffix or prefix, secure addresses first", () => {
  const file = readBootstrap(FILE) ?? [];
  expect(serversOfDomain(file, "a.example")).toEqual(["https://rdap.example/", "http://plain.example/rdap/"]);
  expect(serversOfDomain(file, "a.shop.example")).toEqual(["https://shop.example/rdap"]);
  expect(serversOfDomain(file, "xn--vv4b11d.xn--3e0b707e")).toHaveLength(2);
  expect(serversOfDomain(file, "a.test")).toEqual([]);
  expect(serversOfAddress(file, "192.0.2.7")).toEqual(["https://narrow.example/"]);
  expect(serversOfAddress(file, "192.9.2.7")).toEqual(["https://wide.example/"]);
  expect(serversOfAddress(file, "2001:db8::7")).toEqual(["https://six.example/"]);
  expect(serversOfAddress(file, "2001:db9::7")).toEqual([]);
});

test.each(["", "[]", "{}", '{"services":[]}', '{"services":[[["a"]]]}', "<html>"])(
  "%j is no bootstrap file",
  (text) => {
    expect(readBootstrap(text)).toBeNull();
  },
);

test("hosts are cut to what was registered, by the Public Suffix List", () => {
  const of = (text: string) => hostOf({ kind: "url", text });
  expect(of("https://img.shop.co.kr/a")).toEqual({ kind: "name", name: "img.shop.co.kr", domain: "shop.co.kr" });
  expect(of("https://예시.한국/")).toEqual({
    kind: "name",
    name: "xn--vv4b11d.xn--3e0b707e",
    domain: "xn--vv4b11d.xn--3e0b707e",
  });
  expect(of("https://me.github.io/")).toMatchObject({ domain: "github.io" });
  expect(of("https://[2001:db8::1]/")).toEqual({ kind: "address", address: "2001:db8::1" });
  expect(of("https://3221225985/")).toEqual({ kind: "address", address: "192.0.2.1" });
  for (const text of ["http://abc.onion/", "http://printer.local/", "http://localhost:7380/", "http://db.internal/"])
    expect(of(text)).toBeNull();
  expect(hostOf({ kind: "room", text: "@room" })).toBeNull();
});

test.each([
  ["104.16.1.1", "Cloudflare", "cloudflare"],
  ["2606:4700::1", "Cloudflare", "cloudflare"],
  ["54.230.0.1", "Amazon Web Services", "aws"],
  ["151.101.1.1", "Fastly", null],
  ["23.1.1.1", "Akamai", null],
  ["45.60.1.1", "Imperva", null],
])("%s is recognised as %s", (address, name, api) => {
  expect(providerOfAddress(address)).toMatchObject({ role: "network", card: { name: { en: name }, api } });
});

test("a network is not believed by its name alone", () => {
  expect(providerOfNetwork("CLOUDFLARENET-EU", ["abuse@cloudflare.com"])?.card.api).toBe("cloudflare");
  expect(providerOfNetwork("CLOUDFLARENET-EU", ["abuse@bulletproof.example"])).toBeNull();
  expect(providerOfNetwork("AMAZON-EC2", ["trustandsafety@support.aws.com"])).toMatchObject({
    role: "host",
    card: { api: "aws" },
  });
  expect(providerOfAddress("192.0.2.1")).toBeNull();
});

test("a country tells whose law somebody answers to", () => {
  expect(["KR", "DE", "GB", "US", "RU", null].map(jurisdictionOf)).toEqual(["kr", "eu", "gb", "us", null, null]);
});

const words = fc.constantFrom(
  ...["vcard", "fn", "email", "adr", "contact-uri", "text", "abuse", "registrar", "related", "ip network", "192.0.2.0"],
  ...["a@x.example", "a@x.example\r\nBcc: b@x.example", "mailto:a@x", "https://x.example/", "\u0000\ud800", "REDACTED"],
);
const keys = fc.constantFrom(
  ...[
    "entities",
    "roles",
    "vcardArray",
    "links",
    "rel",
    "href",
    "type",
    "remarks",
    "title",
    "redacted",
    "name",
    "pref",
  ],
  ...["objectClassName", "startAddress", "endAddress", "ldhName", "services", "cc", "__proto__", "handle"],
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: "large", maxDepth: 12 },
    fc.oneof(words, fc.integer(), fc.constant(null), fc.boolean(), fc.string()),
    fc.array(tie("tree"), { maxLength: 5 }),
    fc.dictionary(keys, tie("tree"), { maxKeys: 6 }),
    fc.tuple(tie("tree")).map(([one]) => [
      "vcard",
      [
        ["fn", {}, "text", one],
        ["email", {}, "text", one],
        ["adr", one, "text", one],
      ],
    ]),
    fc
      .tuple(tie("tree"))
      .map(([one]) => ({ entities: [{ roles: ["abuse", "registrar"], vcardArray: one, entities: one }] })),
  ),
}));

/** A record with the nth of its values replaced. */
function broken(record: unknown, at: number, by: unknown): unknown {
  let count = 0;
  return JSON.parse(JSON.stringify(record), (_key, value) => (count++ === at ? by : value));
}

const records = fc.constantFrom(
  domain("a.example", { links: [{ rel: "related", href: "https://r.example/domain/a.example" }] }),
  network(DOCUMENTATION_4, { remarks: [{ title: "REDACTED FOR PRIVACY" }] }),
);
const sentence = fc.oneof(
  tree,
  fc.tuple(records, fc.nat({ max: 60 }), tree).map(([record, at, by]) => broken(record, at, by)),
);

test("whatever a stranger sends is read without a crash, and what comes out may stand in a header", () => {
  let reached = 0;
  fc.assert(
    fc.property(sentence, (sent) => {
      const object = (
        typeof sent === "object" && sent !== null && !Array.isArray(sent) ? sent : { entities: sent }
      ) as RdapObject;
      const contacts = [readCard(sent), findAbuse(object), findHolder(object), findRegistrar(object)?.registrar];
      findRelated(object);
      isRedacted(object);
      holdsAddress(object, "192.0.2.7");
      readBootstrap(JSON.stringify(sent));
      for (const found of contacts) {
        for (const one of found?.mails ?? []) expect(one).toMatch(/^[\w.+=&-]+@[a-z0-9.-]+$/);
        for (const one of found?.forms ?? []) expect(one).toMatch(/^https:\/\//);
        expect(found?.name ?? "x").not.toMatch(/\p{C}/u);
        reached += found?.mails.length ?? 0;
      }
    }),
    { numRuns: FUZZ_RUNS, seed: 9083 },
  );
  expect(reached).toBeGreaterThan(0);
});

test("a record nested a million deep, or with a million entities, is read in bounds", () => {
  const deep = JSON.parse(`${'{"entities":['.repeat(100_000)}${"]}".repeat(100_000)}`) as RdapObject;
  expect(findAbuse(deep)).toBeNull();
  const wide = { entities: Array.from({ length: 200_000 }, () => entity(["noc"])) };
  expect(findAbuse({ entities: [...wide.entities, abuse("late@x.example")] })).toBeNull();
  expect(isRedacted(deep)).toBe(false);
  const nested = (levels: number): object =>
    levels === 0 ? abuse("deep@x.example") : entity([], undefined, [nested(levels - 1)]);
  expect(findAbuse({ entities: [nested(7)] })?.mails).toEqual(["deep@x.example"]);
  expect(findAbuse({ entities: [nested(8)] })).toBeNull();
  const crowd = Array.from({ length: 200 }, () => entity(["noc"]));
  const crowded = {
    entities: [...crowd, entity([], undefined, crowd), entity([], undefined, [abuse("late@x.example")])],
  };
  expect(findAbuse(crowded)).toBeNull();
});
