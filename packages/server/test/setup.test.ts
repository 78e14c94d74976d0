import {
  certify,
  newPassphrase,
  newRecoveryKey,
  newSigningKey,
  newStaffKey,
  passphraseToken,
  publicStaffKey,
  unwrapWithPassphrase,
  wrapWithPassphrase,
} from "@jikim/evidence";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { setup } from "../src/contract.ts";
import { renewSetup } from "../src/store/invitation.ts";
import { softPasskey } from "./authenticator.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";

let server: TestJikim;
let headers: { authorization: string; "x-jikim": string };

beforeEach(async () => {
  server = await openTestJikim();
  headers = await setupHeaders();
});
afterEach(() => server.close());

async function setupHeaders() {
  return { authorization: `Setup ${await renewSetup(server.jikim.db, server.jikim.now())}`, "x-jikim": "desk" };
}

const readSetup = async () => (await ask(server.app, { url: "/api/setup", headers })).json<setup.Setup>();
const sendKeys = (body: object) => ask(server.app, { method: "POST", url: "/api/setup/keys", headers, body });
const enrolHeaders = (token: string | null) => ({ authorization: `Enrolment ${token}`, "x-jikim": "desk" });
const sendEnrolment = (token: string | null, body: object) =>
  ask(server.app, { method: "POST", url: "/api/enrolment", headers: enrolHeaders(token), body });

const passphrase = newPassphrase();

/** What the page sends when a person chooses a passphrase. */
async function withPassphrase(pseudonym: string, needsKey: boolean) {
  const key = needsKey ? newStaffKey() : null;
  const wrapped = key && Buffer.from(await wrapWithPassphrase(key, passphrase)).toString("base64url");
  return {
    staffKey: key,
    body: {
      pseudonym,
      passkey: null,
      passphrase: { token: passphraseToken(passphrase), wrapped },
      key: key && (await publicStaffKey(key)),
    },
  };
}

async function enrolBoth() {
  await sendEnrolment((await readSetup()).enrolment, (await withPassphrase("관리 1", false)).body);
  const { staffKey, body } = await withPassphrase("상담 1", true);
  await sendEnrolment((await readSetup()).enrolment, body);
  return staffKey;
}

async function keysFor(asked: setup.Setup) {
  const [root, recovery] = [newSigningKey(), await newRecoveryKey()];
  const notAfter = "2099-01-01T00:00:00Z";
  if (asked.intake === null) throw new Error("the intake person is not enrolled");
  return {
    root: root.public,
    certificates: {
      service: certify({ kind: "service", verifyKey: asked.serviceKey, notAfter }, root.secret),
      recovery: certify({ kind: "recovery", recipient: recovery.recipient, notAfter }, root.secret),
      intake: certify({ kind: "staff", ...asked.intake, notAfter }, root.secret),
    },
    centre: {
      name: { ko: "가상 센터", en: "Invented centre" },
      contact: { phone: "", mail: "", hours: { ko: "", en: "" } },
    },
  };
}

test("admin, intake person, keys: step by step the centre opens, and keeps public halves only", async () => {
  expect((await readSetup()).step).toBe("admin");
  const staffKey = await enrolBoth();
  const asked = await readSetup();
  expect([asked.step, asked.enrolment]).toEqual(["keys", null]);
  expect((await ask(server.app, { url: "/api/centre" })).json()).toMatchObject({ open: false, root: null });
  const keys = await keysFor(asked);
  expect((await sendKeys(keys)).statusCode).toBe(200);
  expect((await readSetup()).step).toBe("done");
  expect((await ask(server.app, { url: "/api/centre" })).json()).toMatchObject({
    open: true,
    root: keys.root,
    name: { ko: "가상 센터" },
  });
  const signedIn = await ask(server.app, {
    ...{ method: "POST", url: "/api/desk/sign-in", headers: { "x-jikim": "desk" } },
    body: { by: "passphrase", pseudonym: "상담 1", token: passphraseToken(passphrase) },
  });
  const session = signedIn.json<setup.Session>();
  await expect(unwrapWithPassphrase(Buffer.from(session.wrapped ?? "", "base64url"), passphrase)).resolves.toEqual(
    staffKey,
  );
});

test("the one-time link dies when another is printed, and opens nothing once the centre is open", async () => {
  const old = headers;
  headers = await setupHeaders();
  expect(codeOf(await ask(server.app, { url: "/api/setup", headers: old }))).toBe("LINK_EXPIRED");
  await enrolBoth();
  await sendKeys(await keysFor(await readSetup()));
  expect(codeOf(await sendKeys(await keysFor(await readSetup())))).toBe("LINK_EXPIRED");
  expect(await renewSetup(server.jikim.db, server.jikim.now())).toBeNull();
});

test("a restart in the middle of the set-up keeps who has enrolled", async () => {
  await sendEnrolment((await readSetup()).enrolment, (await withPassphrase("관리 1", false)).body);
  headers = await setupHeaders();
  expect((await readSetup()).step).toBe("intake");
});

test.each(["service", "recovery", "intake"] as const)(
  "a %s certificate that another root signed opens nothing",
  async (which) => {
    await enrolBoth();
    const [keys, others] = [await keysFor(await readSetup()), await keysFor(await readSetup())];
    const certificates = { ...keys.certificates, [which]: others.certificates[which] };
    expect(codeOf(await sendKeys({ ...keys, certificates }))).toBe("CERTIFICATE_REFUSED");
    expect((await ask(server.app, { url: "/api/centre" })).json()).toMatchObject({ open: false });
  },
);

test("the root must have signed the keys that the server knows", async () => {
  await enrolBoth();
  const asked = await readSetup();
  const strange = await keysFor({ ...asked, serviceKey: newSigningKey().public });
  expect(codeOf(await sendKeys(strange))).toBe("CERTIFICATE_REFUSED");
  const other = await publicStaffKey(newStaffKey());
  expect(
    codeOf(await sendKeys(await keysFor({ ...asked, intake: asked.intake && { ...asked.intake, ...other } }))),
  ).toBe("CERTIFICATE_REFUSED");
});

test("an enrolment link works once, and not after it has expired", async () => {
  const { enrolment } = await readSetup();
  const { body } = await withPassphrase("관리 1", false);
  expect((await sendEnrolment(enrolment, body)).statusCode).toBe(200);
  expect(codeOf(await sendEnrolment(enrolment, { ...body, pseudonym: "관리 2" }))).toBe("LINK_EXPIRED");
  const next = (await readSetup()).enrolment;
  server.pass({ hours: 73 });
  expect(codeOf(await ask(server.app, { url: "/api/enrolment", headers: enrolHeaders(next) }))).toBe("LINK_EXPIRED");
  expect(codeOf(await sendEnrolment(next, (await withPassphrase("상담 1", true)).body))).toBe("LINK_EXPIRED");
});

test("of two who use one link at once, one is enrolled and the other is told", async () => {
  const { enrolment } = await readSetup();
  const bodies = await Promise.all(["관리 1", "관리 2"].map((name) => withPassphrase(name, false)));
  const answers = await Promise.all(bodies.map(({ body }) => sendEnrolment(enrolment, body)));
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 410]);
});

test("who is to hold case keys brings one, who is not brings none, and everyone brings a way in", async () => {
  const admin = (await readSetup()).enrolment;
  expect(codeOf(await sendEnrolment(admin, (await withPassphrase("관리 1", true)).body))).toBe("BAD_REQUEST");
  await sendEnrolment(admin, (await withPassphrase("관리 1", false)).body);
  const intake = (await readSetup()).enrolment;
  const { body } = await withPassphrase("상담 1", true);
  for (const wrong of [{ key: null }, { passphrase: { ...body.passphrase, wrapped: null } }, { passphrase: null }])
    expect(codeOf(await sendEnrolment(intake, { ...body, ...wrong }))).toBe("BAD_REQUEST");
  expect(codeOf(await sendEnrolment(intake, { ...body, pseudonym: "관리 1" }))).toBe("PSEUDONYM_TAKEN");
  expect((await sendEnrolment(intake, body)).statusCode).toBe(200);
});

test("a passkey enrols and signs in; from another origin or for another challenge it does neither", async () => {
  const { enrolment } = await readSetup();
  const asked = async () =>
    (await ask(server.app, { url: "/api/enrolment", headers: enrolHeaders(enrolment) })).json<{ options: never }>()
      .options;
  const [ours, theirs] = [softPasskey(server.jikim.config.origin), softPasskey("https://evil.example")];
  const enrol = (response: object) =>
    sendEnrolment(enrolment, {
      pseudonym: "관리 1",
      passkey: { response, wrapped: null },
      passphrase: null,
      key: null,
    });
  expect(codeOf(await enrol(theirs.register(await asked())))).toBe("PASSKEY_REFUSED");
  expect(codeOf(await enrol(ours.register({ ...((await asked()) as object), challenge: "AAAA" } as never)))).toBe(
    "PASSKEY_REFUSED",
  );
  expect((await enrol(ours.register(await asked()))).statusCode).toBe(200);
  const question = async () =>
    (
      await ask(server.app, { method: "POST", url: "/api/desk/sign-in/options", headers: { "x-jikim": "desk" } })
    ).json();
  const signIn = (body: object) =>
    ask(server.app, {
      method: "POST",
      url: "/api/desk/sign-in",
      headers: { "x-jikim": "desk" },
      body: { by: "passkey", ...body },
    });
  const { challengeId, options } = await question();
  const answer = { challengeId, response: ours.answer(options) };
  const signedIn = await signIn(answer);
  expect([signedIn.statusCode, signedIn.json()]).toEqual([200, expect.objectContaining({ pseudonym: "관리 1" })]);
  expect(codeOf(await signIn(answer))).toBe("SIGN_IN_FAILED");
  const again = await question();
  expect(codeOf(await signIn({ challengeId: again.challengeId, response: theirs.answer(again.options) }))).toBe(
    "SIGN_IN_FAILED",
  );
  const late = await question();
  server.pass({ minutes: 11 });
  expect(codeOf(await signIn({ challengeId: late.challengeId, response: ours.answer(late.options) }))).toBe(
    "SIGN_IN_FAILED",
  );
});
