import {
  certify,
  newPassphrase,
  newStaffKey,
  passphraseToken,
  publicStaffKey,
  wrapWithPassphrase,
} from "@jikim/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { closeCase } from "../src/store/case-change.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, type SeededPerson, seedCentre, seedPerson, seedStaff } from "./seed.ts";
import { sendSurvivor } from "./survivor.ts";

let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
});
afterAll(() => server.close());

const xJikim = { "x-jikim": "desk" };
const post = (person: Pick<SeededPerson, "headers">, url: string, body: object) =>
  ask(server.app, { method: "POST", url: `/api/desk/${url}`, headers: person.headers, body });
const signIn = (body: object, address = "192.0.2.1") =>
  ask(server.app, { method: "POST", url: "/api/desk/sign-in", headers: xJikim, body, remoteAddress: address });
const session = (cookie: string) => ask(server.app, { url: "/api/desk/session", headers: { cookie } });
const listStaff = async () =>
  (await ask(server.app, { url: "/api/desk/staff", headers: centre.staff.headers })).json<desk.StaffMember[]>();

let named = 0;
const pseudonym = () => `지어낸 ${++named}`;

test("a passphrase signs in, the cookie is kept from scripts and other sites, and signing out ends the session", async () => {
  const { pseudonym, passphrase, staffId } = centre.staff;
  const response = await signIn({ by: "passphrase", pseudonym, token: passphraseToken(passphrase) });
  expect(response.json()).toMatchObject({ staffId, pseudonym, root: centre.root.public });
  const cookie = String(response.headers["set-cookie"]);
  expect(cookie).toMatch(/^jikim-session=[\w-]{43}; Path=\/api; Max-Age=43200; HttpOnly; SameSite=Strict$/);
  const [pair = ""] = cookie.split(";");
  expect((await session(pair)).statusCode).toBe(200);
  await ask(server.app, { method: "DELETE", url: "/api/desk/session", headers: { cookie: pair, ...xJikim } });
  expect(codeOf(await session(pair))).toBe("SESSION_MISSING");
});

test("behind https the cookie is sent over https only", async () => {
  const secure = await openTestJikim({ origin: "https://centre.example" });
  const { staff } = await seedCentre(secure.jikim);
  const body = { by: "passphrase", pseudonym: staff.pseudonym, token: passphraseToken(staff.passphrase) };
  const response = await ask(secure.app, { method: "POST", url: "/api/desk/sign-in", headers: xJikim, body });
  await secure.close();
  expect(String(response.headers["set-cookie"])).toContain("; Secure");
  expect(response.headers["strict-transport-security"]).toContain("max-age=31536000");
});

test("a wrong passphrase and a name that nobody has get the same answer, and an address that goes on is stopped", async () => {
  const token = passphraseToken(newPassphrase());
  const wrong = await signIn({ by: "passphrase", pseudonym: centre.staff.pseudonym, token }, "192.0.2.2");
  const nobody = await signIn({ by: "passphrase", pseudonym: "아무도 아님", token }, "192.0.2.2");
  expect([wrong.statusCode, wrong.body]).toEqual([401, nobody.body]);
  for (let tried = 2; tried < 10; tried++) await signIn({ by: "passphrase", pseudonym: "x", token }, "192.0.2.2");
  expect(codeOf(await signIn({ by: "passphrase", pseudonym: "x", token }, "192.0.2.2"))).toBe("TOO_MANY_REQUESTS");
});

test("a session ends by itself after 12 hours", async () => {
  const person = await seedPerson(server.jikim, { pseudonym: pseudonym(), roles: ["auditor"], root: centre.root });
  expect((await session(person.headers.cookie)).statusCode).toBe(200);
  server.pass({ hours: 12, minutes: 1 });
  expect(codeOf(await session(person.headers.cookie))).toBe("SESSION_MISSING");
  server.pass({ hours: -12, minutes: -1 });
});

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** Every route of the desk that wants a session, by what the table of routes says. */
async function deskRoutes(): Promise<{ method: Method; url: string }[]> {
  const { paths } = (await server.app.inject({ url: "/api/openapi.json" })).json<{ paths: Record<string, object> }>();
  return Object.entries(paths)
    .filter(([url]) => url.startsWith("/api/desk/") && !url.startsWith("/api/desk/sign-in"))
    .flatMap(([url, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase() as Method,
        url: url.replaceAll(/\{\w+\}/g, crypto.randomUUID()),
      })),
    )
    .filter(({ method, url }) => !(method === "DELETE" && url === "/api/desk/session"));
}

test("no route of the desk answers without a session, before it reads what was sent", async () => {
  for (const route of await deskRoutes()) {
    const response = await ask(server.app, {
      ...route,
      headers: xJikim,
      ...(route.method === "GET" ? {} : { body: {} }),
    });
    expect([route, response.statusCode, codeOf(response)]).toEqual([route, 401, "SESSION_MISSING"]);
  }
});

test("no changing route of the desk, set-up or enrolment answers a request that another site could send", async () => {
  const { cookie } = centre.staff.headers;
  const others = [
    { method: "POST", url: "/api/setup/keys" },
    { method: "POST", url: "/api/enrolment" },
    { method: "POST", url: "/api/desk/sign-in" },
    { method: "DELETE", url: "/api/desk/session" },
  ] as const;
  const changing = [...(await deskRoutes()).filter((route) => route.method !== "GET"), ...others];
  for (const route of changing) {
    const unnamed = await ask(server.app, { ...route, headers: { cookie }, body: {} });
    expect([route, codeOf(unnamed)]).toEqual([route, "FOREIGN_REQUEST"]);
    const foreign = await ask(server.app, {
      ...route,
      headers: { cookie, ...xJikim, origin: "https://evil.example" },
      body: {},
    });
    expect([route, codeOf(foreign)]).toEqual([route, "FOREIGN_REQUEST"]);
  }
});

test("whoever's key the root has not signed yet sees her own session and nothing else", async () => {
  const person = await seedPerson(server.jikim, { pseudonym: pseudonym(), roles: ["intake"], root: centre.root });
  await server.jikim.db.updateTable("staff").set({ state: "waiting" }).where("id", "=", person.staffId).execute();
  expect((await session(person.headers.cookie)).statusCode).toBe(200);
  expect(codeOf(await ask(server.app, { url: "/api/desk/staff", headers: person.headers }))).toBe("ROLE_MISSING");
});

test("each act of running a centre wants its role", async () => {
  const caseworker = await seedStaff(server.jikim, {
    pseudonym: pseudonym(),
    roles: ["caseworker"],
    root: centre.root,
  });
  const supervisor = await seedStaff(server.jikim, {
    pseudonym: pseudonym(),
    roles: ["supervisor"],
    root: centre.root,
  });
  const now = server.jikim.now().toString();
  const tried: [Pick<SeededPerson, "headers">, string, object][] = [
    [caseworker, "gate", { gate: "closed" }],
    [centre.admin, "gate", { gate: "closed" }],
    [caseworker, "set-aside", { change: "close", after: now, before: now }],
    [centre.admin, "set-aside", { change: "close", after: now, before: now }],
    [caseworker, "staff", { roles: ["intake"] }],
    [supervisor, "staff", { roles: ["intake"] }],
    [caseworker, `staff/${supervisor.staffId}`, { change: "approve" }],
    [centre.admin, `staff/${supervisor.staffId}`, { change: "approve" }],
    [centre.admin, `staff/${supervisor.staffId}`, { change: "certify", certificate: supervisor.certificate }],
    [supervisor, `staff/${caseworker.staffId}`, { change: "leave" }],
  ];
  for (const [person, url, body] of tried)
    expect([url, codeOf(await post(person, url, body))]).toEqual([url, "ROLE_MISSING"]);
  for (const person of [caseworker, supervisor])
    expect(codeOf(await ask(server.app, { url: "/api/desk/centre", headers: person.headers }))).toBe("ROLE_MISSING");
});

test("the admin writes the centre's texts, and the portal shows them", async () => {
  const { headers } = centre.admin;
  const texts = (await ask(server.app, { url: "/api/desk/centre", headers })).json<desk.CentreTexts>();
  const body = { ...texts, duty: { ko: "알립니다", en: "We tell" }, mostReportsAnHour: 300 };
  expect((await ask(server.app, { method: "PUT", url: "/api/desk/centre", headers, body })).statusCode).toBe(200);
  expect((await ask(server.app, { url: "/api/desk/centre", headers })).json()).toEqual(body);
  expect((await ask(server.app, { url: "/api/centre" })).json()).toMatchObject({ duty: body.duty });
});

test("an admin is not given case roles: whoever runs the accounts opens nothing", async () => {
  expect(codeOf(await post(centre.admin, "staff", { roles: ["admin", "caseworker"] }))).toBe("BAD_REQUEST");
});

/** Invites someone and enrols her with a passphrase. */
async function enrolInvited(roles: desk.StaffMember["roles"]) {
  const { staffId, path } = (await post(centre.admin, "staff", { roles })).json<desk.Invited>();
  const authorization = `Enrolment ${path.split("token=")[1]}`;
  const [passphrase, name] = [newPassphrase(), pseudonym()];
  const key = roles.includes("analyst") ? null : newStaffKey();
  const wrapped = key && Buffer.from(await wrapWithPassphrase(key, passphrase)).toString("base64url");
  const publicKey = key && (await publicStaffKey(key));
  const body = {
    pseudonym: name,
    passkey: null,
    passphrase: { token: passphraseToken(passphrase), wrapped },
    key: publicKey,
  };
  await ask(server.app, { method: "POST", url: "/api/enrolment", headers: { authorization, ...xJikim }, body });
  return { staffId, roles, publicKey };
}

const state = async (id: string) => (await listStaff()).find((person) => person.id === id)?.state;
const notAfter = "2099-01-01T00:00:00Z";

test("a new colleague is approved by two supervisors and then certified, by the root's signature over her key and roles", async () => {
  const [first, second] = [
    await seedStaff(server.jikim, { pseudonym: pseudonym(), roles: ["supervisor"], root: centre.root }),
    await seedStaff(server.jikim, { pseudonym: pseudonym(), roles: ["supervisor"], root: centre.root }),
  ];
  const { staffId, roles, publicKey } = await enrolInvited(["intake"]);
  if (publicKey === null) throw new Error("no key");
  const signed = (more: object, secret = centre.root.secret) =>
    certify({ kind: "staff", staffId, roles, ...publicKey, notAfter, ...more }, secret);
  const bring = (certificate: object) => post(first, `staff/${staffId}`, { change: "certify", certificate });
  expect(codeOf(await bring(signed({})))).toBe("APPROVALS_MISSING");
  await post(first, `staff/${staffId}`, { change: "approve" });
  await post(first, `staff/${staffId}`, { change: "approve" });
  expect(codeOf(await bring(signed({})))).toBe("APPROVALS_MISSING");
  await post(second, `staff/${staffId}`, { change: "approve" });
  const wrong = [
    signed({}, "22".repeat(32)),
    signed({ roles: ["intake", "supervisor"] }),
    signed({ staffId: first.staffId }),
    signed({ verifyKey: "33".repeat(32) }),
    signed({ notAfter: "2020-01-01T00:00:00Z" }),
  ];
  for (const certificate of wrong) expect(codeOf(await bring(certificate))).toBe("CERTIFICATE_REFUSED");
  expect(await state(staffId)).toBe("waiting");
  expect((await bring(signed({}))).statusCode).toBe(200);
  expect(await state(staffId)).toBe("active");
});

test("a role without a key is active once approved, and a supervisor does not approve herself", async () => {
  const supervisors = (await listStaff()).filter((person) => person.roles.includes("supervisor"));
  expect(supervisors.length).toBeGreaterThanOrEqual(2);
  const { staffId } = await enrolInvited(["analyst"]);
  await post(centre.staff, `staff/${staffId}`, { change: "approve" });
  expect(await state(staffId)).toBe("waiting");
  const other = await seedStaff(server.jikim, { pseudonym: pseudonym(), roles: ["supervisor"], root: centre.root });
  await post(other, `staff/${staffId}`, { change: "approve" });
  expect(await state(staffId)).toBe("active");
  await server.jikim.db.updateTable("staff").set({ state: "waiting" }).where("id", "=", staffId).execute();
  await server.jikim.db.updateTable("staff").set({ state: "waiting" }).where("id", "=", other.staffId).execute();
  expect(codeOf(await post(other, `staff/${other.staffId}`, { change: "approve" }))).toBe("ROLE_MISSING");
});

test("who leaves is out at once: sessions, links, case keys and cases are taken from her", async () => {
  const leaver = await seedStaff(server.jikim, {
    pseudonym: pseudonym(),
    roles: ["intake", "caseworker"],
    root: centre.root,
  });
  const { report } = await sendSurvivor(server.app);
  const taken = { assignedTo: leaver.staffId, state: "open" as const };
  await server.jikim.db.updateTable("cases").set(taken).where("submissionId", "=", report.submissionId).execute();
  expect((await post(centre.admin, `staff/${leaver.staffId}`, { change: "leave" })).statusCode).toBe(200);
  expect(codeOf(await session(leaver.headers.cookie))).toBe("SESSION_MISSING");
  const again = { by: "passphrase", pseudonym: leaver.pseudonym, token: passphraseToken(leaver.passphrase) };
  expect(codeOf(await signIn(again, "192.0.2.7"))).toBe("SIGN_IN_FAILED");
  const wraps = await server.jikim.db.selectFrom("caseWrap").selectAll().where("holder", "=", leaver.staffId).execute();
  expect(wraps).toEqual([]);
  const row = await server.jikim.db
    .selectFrom("cases")
    .select(["assignedTo", "nextAct"])
    .where("submissionId", "=", report.submissionId)
    .executeTakeFirst();
  expect(row).toEqual({ assignedTo: null, nextAct: "assign" });
});

test.each(["closed", "shared"])("who alone can open a case does not leave before the case is %s", async (ending) => {
  const { db } = server.jikim;
  const alone = await seedStaff(server.jikim, { pseudonym: pseudonym(), roles: ["caseworker"], root: centre.root });
  const { report } = await sendSurvivor(server.app);
  const { id: caseId } = await db
    .updateTable("cases")
    .set({ assignedTo: alone.staffId, state: "open" })
    .where("submissionId", "=", report.submissionId)
    .returning("id")
    .executeTakeFirstOrThrow();
  const staffWraps = () =>
    db
      .selectFrom("caseWrap")
      .select("holder")
      .where("caseId", "=", caseId)
      .where("holder", "not in", ["survivor", "recovery"]);
  const wrap = (holder: string) => ({ caseId, holder, wrapped: Buffer.from("invented") });
  await db.deleteFrom("caseWrap").where("caseId", "=", caseId).where("holder", "in", staffWraps()).execute();
  const gone = await seedStaff(server.jikim, { pseudonym: pseudonym(), roles: ["caseworker"], root: centre.root });
  await db
    .insertInto("caseWrap")
    .values([wrap(alone.staffId), wrap(gone.staffId)])
    .execute();
  await db.updateTable("staff").set({ state: "waiting" }).where("id", "=", gone.staffId).execute();
  const leave = () => post(centre.admin, `staff/${alone.staffId}`, { change: "leave" });
  expect(codeOf(await leave())).toBe("CASES_HELD_ALONE");
  expect((await session(alone.headers.cookie)).statusCode).toBe(200);
  expect((await staffWraps().execute()).map((row) => row.holder)).toContain(alone.staffId);
  if (ending === "shared") await db.insertInto("caseWrap").values(wrap(centre.staff.staffId)).execute();
  else await db.transaction().execute((tx) => closeCase(tx, caseId, server.jikim.now()));
  expect((await leave()).statusCode).toBe(200);
});

test("the last person of a role without which a centre stands still does not leave", async () => {
  expect(codeOf(await post(centre.admin, `staff/${centre.admin.staffId}`, { change: "leave" }))).toBe("LAST_OF_ROLE");
});
