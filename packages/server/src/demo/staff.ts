import { randomUUID } from "node:crypto";
import {
  certify,
  newCaseKey,
  newPassphrase,
  newRecoveryKey,
  newSigningKey,
  newStaffKey,
  type Passphrase,
  passphraseToken,
  publicStaffKey,
  readCertificate,
  reseal,
  type Signed,
  type StaffKey,
  seal,
  showPassphrase,
  unwrapCaseKey,
  wrapCaseKey,
  wrapWithPassphrase,
  writeAsStaff,
} from "@jikim/evidence";
import type { desk, portal, setup } from "../contract.ts";
import { call } from "./call.ts";

/** A signed-in person of the centre, with her keys. */
export type Colleague = {
  readonly origin: string;
  readonly cookie: string;
  readonly staffId: string;
  readonly key: StaffKey;
  readonly certificate: Signed;
};

/** What a set-up leaves behind: shown once in the demo, on paper in a real centre. */
export type SetUp = {
  readonly admin: { readonly pseudonym: string; readonly passphrase: string; readonly cookie: string };
  readonly intake: { readonly pseudonym: string; readonly passphrase: string; readonly colleague: Colleague };
  readonly rootSecret: string;
  readonly recoveryShares: readonly string[];
};

type CentreTexts = { readonly name: { ko: string; en: string }; readonly contact: portal.Centre["contact"] };

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const inAYear = () => new Date(Date.now() + 365 * 86_400_000).toISOString();

/** Plays the whole first set-up of a centre, with passphrases in place of passkeys. */
export async function setUpCentre(origin: string, token: string, centre: CentreTexts): Promise<SetUp> {
  const authorization = `Setup ${token}`;
  const state = async () => (await call<setup.Setup>(origin, { path: "/api/setup", authorization })).json;
  const admin = { pseudonym: "관리 1", passphrase: newPassphrase() };
  await enrol(origin, (await state()).enrolment, { ...admin, key: null });
  const [intake, key] = [{ pseudonym: "상담 1", passphrase: newPassphrase() }, newStaffKey()];
  await enrol(origin, (await state()).enrolment, { ...intake, key });
  const [root, recovery, { serviceKey, intake: who }] = [newSigningKey(), await newRecoveryKey(), await state()];
  if (who === null) throw new Error("the intake person is not enrolled");
  const notAfter = inAYear();
  const certificates = {
    service: certify({ kind: "service", verifyKey: serviceKey, notAfter }, root.secret),
    recovery: certify({ kind: "recovery", recipient: recovery.recipient, notAfter }, root.secret),
    intake: certify({ kind: "staff", ...who, notAfter }, root.secret),
  };
  await call(origin, { path: "/api/setup/keys", authorization, body: { root: root.public, certificates, centre } });
  const { cookie: adminCookie } = await signIn(origin, admin);
  const { cookie, session } = await signIn(origin, intake);
  const colleague = { origin, cookie, staffId: session.staffId, key, certificate: certificates.intake };
  return {
    admin: { ...admin, passphrase: showPassphrase(admin.passphrase), cookie: adminCookie },
    intake: { ...intake, passphrase: showPassphrase(intake.passphrase), colleague },
    rootSecret: root.secret,
    recoveryShares: recovery.shares,
  };
}

type Person = { readonly pseudonym: string; readonly passphrase: Passphrase };

async function enrol(
  origin: string,
  token: string | null,
  person: Person & { readonly key: StaffKey | null },
): Promise<void> {
  const { pseudonym, passphrase, key } = person;
  const wrapped = key === null ? null : text(await wrapWithPassphrase(key, passphrase));
  const body = {
    pseudonym,
    passkey: null,
    passphrase: { token: passphraseToken(passphrase), wrapped },
    key: key === null ? null : await publicStaffKey(key),
  };
  await call(origin, { path: "/api/enrolment", authorization: `Enrolment ${token}`, body });
}

export async function signIn(
  origin: string,
  person: Person,
): Promise<{ readonly cookie: string; readonly session: setup.Session }> {
  const body = { by: "passphrase", pseudonym: person.pseudonym, token: passphraseToken(person.passphrase) };
  const { json, cookie } = await call<setup.Session>(origin, { path: "/api/desk/sign-in", body });
  if (cookie === null) throw new Error("signing in set no cookie");
  return { cookie, session: json };
}

/** Opens a case, gives it a new key held by this colleague, and takes it on. */
export async function takeCase(colleague: Colleague, caseId: string, centre: portal.Centre): Promise<void> {
  const { origin, cookie, staffId, key } = colleague;
  const { json: held } = await call<desk.Case>(origin, { path: `/api/desk/cases/${caseId}`, cookie });
  const old = await unwrapCaseKey(Buffer.from(held.wrapped, "base64url"), key.identity);
  const next = await newCaseKey(old.survivorRecipient);
  const resealAll = (all: readonly { readonly id: string; readonly sealed: string }[]) =>
    Promise.all(
      all.map(async ({ id, sealed }) => ({
        id,
        sealed: text(await reseal(Buffer.from(sealed, "base64url"), old.identity, next.recipient)),
      })),
    );
  const recipients = {
    survivor: old.survivorRecipient,
    recovery: recoveryOf(centre),
    [staffId]: (await publicStaffKey(key)).recipient,
  };
  const wraps = await Promise.all(
    Object.entries(recipients).map(async ([holder, recipient]) => ({
      holder,
      wrapped: text(await wrapCaseKey(next, recipient)),
    })),
  );
  const rekey = {
    ...{ fromVersion: held.keyVersion, caseRecipient: next.recipient, wraps },
    documents: await resealAll(held.documents),
    fileKeys: await resealAll(held.fileKeys),
  };
  await call(origin, { path: `/api/desk/cases/${caseId}/rekey`, cookie, body: { assignTo: staffId, rekey } });
}

function recoveryOf(centre: portal.Centre): string {
  const { root, certificates } = centre;
  const recovery =
    root && certificates.recovery && readCertificate(certificates.recovery, "recovery", root, Date.now());
  if (!recovery) throw new Error("the recovery key is not certified");
  return recovery.recipient;
}

/** Writes into a case, signed and sealed as the desk does. */
export async function writeInto(
  colleague: Colleague,
  caseId: string,
  kind: "message" | "note" | "mandate",
  content: unknown,
): Promise<void> {
  const { origin, cookie, key, certificate } = colleague;
  const { json: held } = await call<desk.Case>(origin, { path: `/api/desk/cases/${caseId}`, cookie });
  const signed = writeAsStaff(content, { caseId, kind }, { certificate, signingSecret: key.signingSecret });
  const document = {
    id: randomUUID(),
    keyVersion: held.keyVersion,
    sealed: text(await seal(signed, [held.caseRecipient])),
  };
  if (kind === "mandate")
    await call(origin, {
      path: `/api/desk/cases/${caseId}/mandate`,
      cookie,
      body: { by: "talk", document, statements: ["is-depicted", "no-consent", "good-faith", "truth"] },
    });
  else await call(origin, { path: `/api/desk/cases/${caseId}/documents`, cookie, body: { ...document, kind } });
}
