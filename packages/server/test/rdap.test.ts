import type { PlaceAddress } from "@jikim/casework";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isPublicAddress } from "../src/checks/address.ts";
import { openPool, type Resolve } from "../src/checks/connect.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { findHosts, lookUpHost } from "../src/places/find.ts";
import { type Access, askDirectory } from "../src/places/rdap.ts";
import { askForHost, forgetHosts } from "../src/store/host-lookup.ts";
import { forgetRdap } from "../src/store/rdap.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import {
  abuse,
  card,
  DOCUMENTATION_4,
  DOCUMENTATION_6,
  domain,
  entity,
  inCountry,
  mail,
  network,
} from "./rdap-records.ts";
import { bootstrap, openRegistries, type Registries, type Said } from "./registries.ts";

let registries: Registries;
let server: TestJikim;
/** Addresses of names in this world. */
let addresses: Record<string, readonly string[]> = {};
let looked: string[] = [];

const resolve: Resolve = async (name) => {
  looked.push(name);
  const found = addresses[name];
  if (found === undefined) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
  return found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
};

beforeAll(async () => {
  registries = await openRegistries();
  server = await openTestJikim({ allowPrivateAddresses: true, rdapFiles: `${registries.origin}/iana/` });
});
afterAll(async () => {
  await server.close();
  await registries.close();
});
beforeEach(async () => {
  const { db } = server.jikim;
  for (const table of ["hostLookup", "rdapAnswer", "rdapFile", "rdapServer"] as const)
    await db.deleteFrom(table).execute();
  says({});
  addresses = { "board.example": ["192.0.2.7"], "www.board.example": ["192.0.2.7"] };
  looked = [];
});

const BOARD: Record<string, Said> = {
  "/names/domain/board.example": { body: domain("board.example") },
  "/numbers/ip/192.0.2.7": { body: network(DOCUMENTATION_4) },
};

/** The world answers this besides IANA's files and what is known of board.example. */
function says(more: Record<string, Said>): void {
  registries.says = { ...bootstrap(registries.origin), ...BOARD, ...more };
  registries.asked.length = 0;
  registries.written = 0;
}

const url = (text: string): PlaceAddress => ({ kind: "url", text });
const PAGE = url("https://board.example/view?no=7");

/** What is known after directories were asked once. */
async function found(place = PAGE) {
  await findHosts(server.jikim, place);
  await work();
  return findHosts(server.jikim, place);
}

/** Does what is due, as the workers do. */
async function work(): Promise<void> {
  const due = await server.jikim.db.selectFrom("hostLookup").select("id").execute();
  for (const { id } of due) await lookUpHost(server.jikim, id, resolve);
}

const queries = () => registries.asked.filter((path) => !path.startsWith("/iana/"));

test("nobody waits for a stranger: the first answer is that directories are being asked, the next what they said", async () => {
  const nothing = { network: null, host: null, registrar: null, silent: [] };
  expect(await findHosts(server.jikim, PAGE)).toEqual({ ...nothing, asking: true });
  expect(registries.asked).toEqual([]);
  expect(await server.jikim.jobs.findJobs("find-host")).not.toEqual([]);
  await work();
  expect(await findHosts(server.jikim, PAGE)).toEqual({
    asking: false,
    network: null,
    silent: [],
    host: expect.objectContaining({
      kind: "host",
      name: { ko: "Invented Hosting GmbH", en: "Invented Hosting GmbH" },
      mail: "abuse@hosting.example",
      jurisdiction: "eu",
      language: "en",
    }),
    registrar: expect.objectContaining({
      kind: "registrar",
      name: { ko: "Invented Names Inc.", en: "Invented Names Inc." },
      mail: "abuse@names.example",
      jurisdiction: "us",
    }),
  });
  expect(registries.last.accept).toContain("application/rdap+json");
});

test("what is known is served again without asking anybody, also for another host of the same domain and network", async () => {
  await found();
  says({});
  expect((await found()).host?.mail).toBe("abuse@hosting.example");
  expect((await found(url("https://www.board.example/"))).registrar?.mail).toBe("abuse@names.example");
  addresses["www.board.example"] = ["192.0.2.99"];
  expect(registries.asked).toEqual([]);
});

test("two workers that are woken together ask once", async () => {
  await findHosts(server.jikim, PAGE);
  await Promise.all([work(), work(), work()]);
  expect(queries().toSorted()).toEqual(["/names/domain/board.example", "/numbers/ip/192.0.2.7"]);
});

test("of two who ask for the same host at once, one wakes who asks", async () => {
  const { db, vault, now } = server.jikim;
  const ask = () => askForHost(db, vault, "board.example", now());
  const firsts = await Promise.all([ask(), ask(), ask()]);
  expect(firsts.filter(({ wake }) => wake)).toHaveLength(1);
  expect(new Set(firsts.map(({ id }) => id)).size).toBe(1);
  await work();
  server.pass({ hours: 25 });
  const again = await Promise.all([ask(), ask(), ask()]);
  expect(again.filter(({ wake }) => wake)).toHaveLength(1);
  expect(again.every(({ asking, answer }) => asking && answer !== null)).toBe(true);
});

test("a lookup that was lost with its process is found by the sweep", async () => {
  await findHosts(server.jikim, PAGE);
  const { id } = await server.jikim.db.selectFrom("hostLookup").select("id").executeTakeFirstOrThrow();
  const before = await server.jikim.jobs.findJobs("find-host", { data: { lookupId: id } });
  await sweep(server.jikim);
  const after = await server.jikim.jobs.findJobs("find-host", { data: { lookupId: id } });
  expect(after.length).toBe(before.length + 1);
});

test("an old answer is served while a newer one is asked for, and a host that moved is found", async () => {
  await found();
  addresses["board.example"] = ["198.51.100.7"];
  says({
    "/numbers/ip/198.51.100.7": {
      body: network(["198.51.100.0", "198.51.100.255"], {
        entities: [entity(["registrant"], card("새 호스팅", inCountry("KR")), [abuse("abuse@new.example")])],
      }),
    },
  });
  server.pass({ hours: 25 });
  expect(await findHosts(server.jikim, PAGE)).toMatchObject({ asking: true, host: { mail: "abuse@hosting.example" } });
  await work();
  expect(await findHosts(server.jikim, PAGE)).toMatchObject({
    asking: false,
    host: { mail: "abuse@new.example", jurisdiction: "kr", language: "ko" },
  });
  expect(queries()).toEqual(["/numbers/ip/198.51.100.7"]);
});

test.each([
  [
    "two mail addresses",
    entity(["abuse"], card("Desk", mail("b@x.example"), mail("abuse@x.example"))),
    { mail: "abuse@x.example" },
  ],
  [
    "a form in place of mail",
    entity(["abuse"], card("Desk", ["contact-uri", {}, "uri", "https://x.example/report"])),
    { mail: null, form: "https://x.example/report" },
  ],
  [
    "a contact far below",
    entity(["registrant"], undefined, [entity([], undefined, [entity(["noc"], undefined, [abuse("deep@x.example")])])]),
    { mail: "deep@x.example" },
  ],
])("a network whose directory gives %s", async (_what, contact, expected) => {
  says({ "/numbers/ip/192.0.2.7": { body: network(DOCUMENTATION_4, { entities: [contact] }) } });
  expect((await found()).host).toMatchObject(expected);
});

test.each([
  ["withholds the contact", network(DOCUMENTATION_4, { entities: [], redacted: [{ method: "removal" }] }), "redacted"],
  [
    "gives no contact",
    network(DOCUMENTATION_4, { entities: [entity(["technical"], card("T", mail("t@x.example")))] }),
    "no-contact",
  ],
  [
    "names just a national registry",
    network(DOCUMENTATION_4, { country: "KR", entities: [abuse("irt@nic.or.kr")] }),
    "registry-only",
  ],
])("a network whose directory %s has no host, and why is told", async (_what, body, why) => {
  says({ "/numbers/ip/192.0.2.7": { body } });
  const { host, silent, asking } = await found();
  expect([host, silent, asking]).toMatchObject([null, [{ kind: "host", why }], false]);
  if (why === "registry-only") expect(silent[0]?.byHand?.name.ko).toContain("KISA");
});

test("where a network names its national registry for abuse, whoever manages the network is asked, as the registries say", async () => {
  const manager = entity(["administrative", "technical"], card("IP Manager", mail("ip@provider.example")));
  const holder = entity(["registrant"], card("지어낸 통신"));
  const body = network(DOCUMENTATION_4, { country: "KR", entities: [abuse("irt@nic.or.kr"), manager, holder] });
  says({ "/numbers/ip/192.0.2.7": { body } });
  expect((await found()).host).toMatchObject({
    name: { ko: "지어낸 통신" },
    mail: "ip@provider.example",
    jurisdiction: "kr",
    language: "ko",
  });
});

test("a thin registry points to the registrar's own directory, which knows more", async () => {
  const thin = { entities: [entity(["registrar"], card("Thin Names"))] };
  const href = `${registries.origin}/registrar/domain/board.example`;
  const links = [{ rel: "related", href, type: "application/rdap+json" }];
  says({
    "/names/domain/board.example": { body: domain("board.example", { ...thin, links }) },
    "/registrar/domain/board.example": { body: domain("board.example") },
  });
  expect((await found()).registrar?.mail).toBe("abuse@names.example");
});

test("a registrar's directory that is broken leaves what the registry said, and is asked again", async () => {
  const href = `${registries.origin}/registrar/domain/board.example`;
  const body = domain("board.example", { entities: [], links: [{ rel: "related", href }], redacted: [{}] });
  says({ "/names/domain/board.example": { body }, "/registrar/domain/board.example": { status: 500 } });
  expect(await found()).toMatchObject({
    registrar: null,
    asking: true,
    silent: [{ kind: "registrar", why: "redacted" }],
  });
});

test("a directory that hands over to another one is followed", async () => {
  const location = `${registries.origin}/other/ip/192.0.2.7`;
  says({
    "/numbers/ip/192.0.2.7": { status: 302, headers: { location } },
    "/other/ip/192.0.2.7": { body: network(DOCUMENTATION_4) },
  });
  expect((await found()).host?.mail).toBe("abuse@hosting.example");
});

test("an unknown name and an unknown network are told as such, and nobody is asked again soon", async () => {
  says({ "/names/domain/board.example": { status: 404 }, "/numbers/ip/192.0.2.7": { status: 404, body: "gone" } });
  expect(await found()).toMatchObject({
    asking: false,
    silent: [
      { kind: "host", why: "not-registered" },
      { kind: "registrar", why: "not-registered" },
    ],
  });
});

test.each<[string, Said]>([
  ["fails", { status: 500 }],
  ["refuses", { status: 403, body: network(DOCUMENTATION_4) }],
  ["sends something else than it was asked for", { type: "text/html", body: network(DOCUMENTATION_4) }],
  ["sends something else than JSON", { body: "{" }],
  ["sends a list", { body: [] }],
  ["sends an error with status 200", { body: { errorCode: 404 } }],
  ["answers about another network", { body: network(["198.51.100.0", "198.51.100.255"]) }],
  ["redirects in a circle", { status: 301, headers: { location: "/numbers/ip/192.0.2.7" } }],
  ["redirects to a file", { status: 301, headers: { location: "file:///etc/passwd" } }],
  ["sends what was not asked for", { headers: { "content-encoding": "gzip" }, body: "x" }],
  ["cuts its answer off", { body: "{", hangsUp: true }],
])("a directory that %s: nobody can tell, and it is asked again after a pause, not for ever", async (_what, said) => {
  says({ "/numbers/ip/192.0.2.7": said });
  expect(await found()).toMatchObject({ host: null, asking: true, silent: [{ kind: "host", why: "cannot-tell" }] });
  for (let tries = 0; tries < 6; tries++) {
    server.pass({ hours: 7 });
    await work();
  }
  expect(queries().filter((path) => path === "/numbers/ip/192.0.2.7").length).toBeLessThanOrEqual(6);
  says({});
  server.pass({ hours: 25 });
  expect((await found()).host?.mail).toBe("abuse@hosting.example");
});

test("a directory that answers about another name is not believed", async () => {
  says({ "/names/domain/board.example": { body: domain("other.example") } });
  expect(await found()).toMatchObject({ registrar: null, silent: [{ kind: "registrar", why: "cannot-tell" }] });
});

test("an endless answer is cut off", async () => {
  says({ "/numbers/ip/192.0.2.7": { body: "{", blanks: 1 << 30 } });
  expect(await found()).toMatchObject({ host: null, silent: [{ kind: "host", why: "cannot-tell" }] });
  // What the machine's own buffers took before the connection was closed.
  expect(registries.written).toBeLessThan(32 << 20);
});

test("a chain of redirects ends", async () => {
  const chain = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`/chain/${at}`, { status: 302, headers: { location: `/chain/${at + 1}` } }]),
  );
  says({ ...chain, "/numbers/ip/192.0.2.7": { status: 302, headers: { location: "/chain/0" } } });
  expect((await found()).host).toBeNull();
  expect(queries().filter((path) => path.startsWith("/chain/"))).toHaveLength(5);
});

test.each([
  [{ "retry-after": "120" }, 120],
  [{}, 600],
  [{ "retry-after": "Fri, 01 Jan 2100 00:00:00 GMT" }, 600],
  [{ "retry-after": "999999999" }, 86_400],
])("a directory that wants a pause (%j) is left alone for %d seconds, by everybody", async (headers, seconds) => {
  says({ "/numbers/ip/192.0.2.7": { status: 429, headers } });
  expect(await found()).toMatchObject({ asking: true, host: null });
  says({ "/numbers/ip/192.0.2.9": { body: network(DOCUMENTATION_4) } });
  addresses["other.example"] = ["192.0.2.9"];
  server.pass({ seconds: seconds - 60 });
  await found(url("https://other.example/"));
  expect(queries()).toEqual([]);
  server.pass({ seconds: 120 });
  await work();
  expect((await findHosts(server.jikim, PAGE)).host?.mail).toBe("abuse@hosting.example");
});

test("a directory that wants pauses without end is left alone for good when nobody wanted to know for three days", async () => {
  says({ "/numbers/ip/192.0.2.7": { status: 429, headers: { "retry-after": "86400" } } });
  await found();
  for (let day = 0; day < 4; day++) {
    server.pass({ hours: 25 });
    await work();
  }
  const { nextTryAt } = await server.jikim.db.selectFrom("hostLookup").selectAll().executeTakeFirstOrThrow();
  expect(nextTryAt).toBeNull();
});

test("what a directory said is kept for a week, then asked again", async () => {
  await found();
  const again = async (hours: number) => {
    says({});
    server.pass({ hours });
    await found();
    return queries();
  };
  expect(await again(6 * 24)).toEqual([]);
  expect((await again(2 * 24)).toSorted()).toEqual(["/names/domain/board.example", "/numbers/ip/192.0.2.7"]);
});

test("a server is asked 30 times a minute at most; the rest waits for the next", async () => {
  const names = Array.from({ length: 35 }, (_, at) => `n${at}.example`);
  says(Object.fromEntries(names.map((name) => [`/names/domain/${name}`, { body: domain(name) }])));
  for (const name of names) await findHosts(server.jikim, url(`https://${name}/`));
  await work();
  expect(queries()).toHaveLength(30);
  await work();
  expect(queries()).toHaveLength(30);
  server.pass({ seconds: 61 });
  await work();
  expect(queries()).toHaveLength(35);
  for (const name of names) expect((await findHosts(server.jikim, url(`https://${name}/`))).registrar).not.toBeNull();
});

test("a Korean name has no directory known: who can be asked by hand is named, and nobody is asked", async () => {
  addresses["shop.co.kr"] = ["192.0.2.7"];
  const { registrar, silent, asking } = await found(url("https://shop.co.kr/"));
  expect([registrar, asking]).toEqual([null, false]);
  expect(silent).toMatchObject([
    { kind: "registrar", why: "no-registry", byHand: { url: "https://whois.kisa.or.kr/" } },
  ]);
  expect(queries()).toEqual(["/numbers/ip/192.0.2.7"]);
});

test("a name in another script is asked for in A-labels", async () => {
  addresses["xn--fo-5ja.example"] = ["2001:db8::7"];
  says({
    "/names/domain/xn--fo-5ja.example": { body: domain("XN--FO-5JA.EXAMPLE") },
    "/numbers/ip/2001:db8::7": { body: network(DOCUMENTATION_6) },
  });
  const { registrar, host } = await found(url("https://fóo.example/"));
  expect([registrar?.mail, host?.mail]).toEqual(["abuse@names.example", "abuse@hosting.example"]);
});

test("a page at a bare address has a host and no registrar", async () => {
  expect(await found(url("http://192.0.2.7/x"))).toMatchObject({
    host: { mail: "abuse@hosting.example" },
    registrar: null,
    silent: [],
  });
  says({ "/numbers/ip/2001:db8::7": { body: network(DOCUMENTATION_6) } });
  expect((await found(url("http://[2001:db8::7]/x"))).host?.mail).toBe("abuse@hosting.example");
  expect(looked).toEqual([]);
});

test("where the first family of addresses is unknown the other one tells", async () => {
  addresses["board.example"] = ["192.0.2.7", "2001:db8::7"];
  says({ "/numbers/ip/192.0.2.7": { status: 404 }, "/numbers/ip/2001:db8::7": { body: network(DOCUMENTATION_6) } });
  expect((await found()).host?.mail).toBe("abuse@hosting.example");
});

test("a delivery network is recognised by its published addresses, has its own way, and is asked for the host", async () => {
  addresses["board.example"] = ["104.16.1.1", "2001:db8::7"];
  expect(await found()).toMatchObject({
    host: null,
    network: { registryKey: "cloudflare", api: "cloudflare", kind: "network" },
    silent: [{ kind: "host", why: "behind-network" }],
  });
  expect(queries()).toEqual(["/names/domain/board.example"]);
});

test("a delivery network without a way of its own takes the mail address of the directory", async () => {
  addresses["board.example"] = ["151.101.1.1"];
  const body = network(["151.101.0.0", "151.101.255.255"], { name: "SKYCA-3", entities: [abuse("abuse@fastly.com")] });
  says({ "/numbers/ip/151.101.1.1": { body } });
  expect(await found()).toMatchObject({ host: null, network: { name: { en: "Fastly" }, mail: "abuse@fastly.com" } });
});

test("a delivery network that publishes no addresses is recognised by its name and its mail together", async () => {
  const named = (mailAddress: string): Said => ({
    body: network(DOCUMENTATION_4, { name: "BUNNYCDN", entities: [abuse(mailAddress)] }),
  });
  says({ "/numbers/ip/192.0.2.7": named("abuse@bunny.net") });
  expect(await found()).toMatchObject({ host: null, network: { name: { en: "Bunny" }, mail: "abuse@bunny.net" } });
  await server.jikim.db.deleteFrom("hostLookup").execute();
  await server.jikim.db.deleteFrom("rdapAnswer").execute();
  says({ "/numbers/ip/192.0.2.7": named("abuse@bulletproof.example") });
  expect(await found()).toMatchObject({ network: null, host: { mail: "abuse@bulletproof.example" } });
});

test("rooms, hidden services and names of a private network are asked for nowhere", async () => {
  for (const place of [{ kind: "room", text: "@room" } as const, url("http://abcd.onion/"), url("http://nas.local/")])
    expect(await found(place)).toEqual({ network: null, host: null, registrar: null, silent: [], asking: false });
  expect([looked, registries.asked]).toEqual([[], []]);
});

test("a name that could have been made for her alone is not looked up; who registered its domain is", async () => {
  const place = url("https://a8Fk2jQ9xZ73mLp0.board.example/");
  expect(await found(place)).toMatchObject({
    host: null,
    registrar: { mail: "abuse@names.example" },
    silent: [{ kind: "host", why: "may-be-hers" }],
  });
  expect(looked).toEqual([]);
});

test("a name that leads nowhere has no host; one that nobody could look up is looked up again", async () => {
  delete addresses["board.example"];
  expect(await found()).toMatchObject({ asking: false, silent: [{ why: "unresolved" }] });
  await server.jikim.db.deleteFrom("hostLookup").execute();
  const broken: Resolve = async () => Promise.reject(Object.assign(new Error("try again"), { code: "EAI_AGAIN" }));
  await findHosts(server.jikim, PAGE);
  const { id } = await server.jikim.db.selectFrom("hostLookup").select("id").executeTakeFirstOrThrow();
  await lookUpHost(server.jikim, id, broken);
  expect(await findHosts(server.jikim, PAGE)).toMatchObject({ asking: true, silent: [{ why: "unresolved" }] });
});

test("IANA's files are kept, asked for by their tag after a day, and used on when IANA is silent or sends nonsense", async () => {
  await found();
  const files = () => registries.asked.filter((path) => path.startsWith("/iana/"));
  expect(files()).toHaveLength(2);
  const again = async (more: Record<string, Said>) => {
    says(more);
    await server.jikim.db.deleteFrom("hostLookup").execute();
    await server.jikim.db.deleteFrom("rdapAnswer").execute();
    const { host } = await found();
    expect(host?.mail).toBe("abuse@hosting.example");
    return files();
  };
  expect(await again({})).toEqual([]);
  server.pass({ hours: 25 });
  const unchanged = { status: 304 };
  expect(await again({ "/iana/dns.json": unchanged, "/iana/ipv4.json": unchanged })).toHaveLength(2);
  expect(await again({})).toEqual([]);
  server.pass({ hours: 25 });
  const nonsense = { type: "application/json", body: "{}" };
  expect(await again({ "/iana/dns.json": { status: 500 }, "/iana/ipv4.json": nonsense })).toHaveLength(2);
  expect(await again({})).toEqual([]);
  server.pass({ hours: 2 });
  expect(await again({})).toHaveLength(2);
});

test("without IANA's files nobody can tell, and they are asked for again", async () => {
  says({ "/iana/dns.json": { status: 500 }, "/iana/ipv4.json": { status: 500 } });
  expect(await found()).toMatchObject({
    asking: true,
    silent: [
      { kind: "host", why: "cannot-tell" },
      { kind: "registrar", why: "cannot-tell" },
    ],
  });
});

test("neither names nor addresses nor mail of anybody lie open in the database", async () => {
  await found();
  const rows = await Promise.all(
    (["hostLookup", "rdapAnswer", "rdapServer"] as const).map((table) =>
      server.jikim.db.selectFrom(table).selectAll().execute(),
    ),
  );
  const bytes = rows
    .flat()
    .flatMap((row) => Object.values(row).map((one) => (Buffer.isBuffer(one) ? one.toString("latin1") : String(one))));
  expect(bytes.length).toBeGreaterThan(10);
  for (const word of ["board", "192.0.2", "names.example", "hosting", "127.0.0.1", "Invented"])
    expect(bytes.filter((one) => one.includes(word))).toEqual([]);
});

test("what nobody asked for in a month is forgotten", async () => {
  await found();
  server.pass({ hours: 24 * 31 });
  await forgetHosts(server.jikim.db, server.jikim.now());
  await forgetRdap(server.jikim.db, server.jikim.now());
  for (const table of ["hostLookup", "rdapAnswer", "rdapServer"] as const)
    expect(await server.jikim.db.selectFrom(table).selectAll().execute()).toEqual([]);
});

/** Reaches only what is allowed, as in earnest. */
function accessTo(isAllowed: (address: string) => boolean, protocols: readonly string[]): Access {
  return {
    pool: openPool({ isAllowed, resolve: async () => [{ address: "127.0.0.1", family: 4 }] }),
    protocols,
    takeTurn: async () => null,
    leaveAlone: async () => server.jikim.now(),
    signal: AbortSignal.timeout(20_000),
  };
}

test("a directory, or where it leads, is never an address of our own network", async () => {
  const inside = await openRegistries("127.0.0.2");
  inside.says["/ip/192.0.2.7"] = { body: network(DOCUMENTATION_4) };
  says({ "/numbers/ip/192.0.2.7": { status: 302, headers: { location: `${inside.origin}/ip/192.0.2.7` } } });
  const here = `${registries.origin}/numbers/ip/192.0.2.7`;
  const isAllowed = (address: string) => address === "127.0.0.1";
  expect(
    await askDirectory(
      here,
      accessTo(() => true, ["http:"]),
    ),
  ).toMatchObject({ kind: "found" });
  expect(inside.asked).toHaveLength(1);
  expect(await askDirectory(here, accessTo(isAllowed, ["http:"]))).toEqual({
    kind: "cannot-tell",
    trouble: "unreachable",
  });
  expect(inside.asked).toHaveLength(1);
  const withPassword = here.replace("http://", "http://me:secret@");
  expect(
    await askDirectory(
      withPassword,
      accessTo(() => true, ["http:"]),
    ),
  ).toMatchObject({ trouble: "not-allowed" });
  registries.asked.length = 0;
  const named = `http://rdap.example:${new URL(registries.origin).port}/numbers/ip/192.0.2.7`;
  for (const address of [here, named])
    expect(await askDirectory(address, accessTo(isPublicAddress, ["http:"]))).toMatchObject({ kind: "cannot-tell" });
  expect(
    await askDirectory(
      here,
      accessTo(() => true, ["https:"]),
    ),
  ).toEqual({ kind: "cannot-tell", trouble: "not-allowed" });
  expect(registries.asked).toEqual([]);
  await inside.close();
});

test("in earnest addresses that are not of the public internet are asked for nowhere", async () => {
  const earnest = { ...server.jikim, config: { ...server.jikim.config, allowPrivateAddresses: false } };
  for (const [name, address] of [
    ["board.example", "10.0.0.7"],
    ["two.example", "192.0.2.7"],
  ] as const) {
    addresses[name] = [address];
    await findHosts(earnest, url(`https://${name}/`));
  }
  const rows = await server.jikim.db.selectFrom("hostLookup").select("id").execute();
  for (const { id } of rows) await lookUpHost(earnest, id, resolve);
  for (const name of ["board.example", "two.example"])
    expect(await findHosts(earnest, url(`https://${name}/`))).toMatchObject({
      silent: [{ kind: "host", why: "not-public" }, { why: "cannot-tell" }],
    });
  expect(registries.asked).toEqual([]);
});
