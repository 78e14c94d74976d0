import { hash, verify } from "@node-rs/argon2";
import { type Session, type SignIn, sessionSchema, signInOptionsSchema, signInSchema } from "../contract/setup.ts";
import { emptySchema } from "../contract.ts";
import type { Jikim } from "../jikim.ts";
import { askForPasskey, verifyPasskey } from "../passkey.ts";
import { ServerRefusal } from "../refusal.ts";
import { findCentre } from "../store/centre.ts";
import { openCeremony, takeSignIn } from "../store/ceremony.ts";
import { type CredentialRow, findPasskey, findPassphrase, saveCounter } from "../store/credential.ts";
import { endSession, findSession, type SignedIn, startSession } from "../store/session.ts";
import type { App, Routes } from "./app-type.ts";
import { noCookie, SESSION_HOURS, sessionCookie, sessionToken } from "./cookie.ts";
import { aMinute, limitFailures } from "./limits.ts";
import { requireSignIn, staffOf } from "./session-guard.ts";

const FAILURES_A_MINUTE = 10;

/** Signing in with a passkey or a generated passphrase, and out. */
export const signInRoutes: Routes = (app, jikim) => {
  const { db, config, now } = jikim;
  const limit = aMinute(config.anonymousAMinute);
  const options = { ...limit, schema: { response: { 200: signInOptionsSchema } } };
  app.post("/api/desk/sign-in/options", options, async () => {
    const asked = await askForPasskey(config);
    const purpose = { purpose: "sign-in", staffId: null, challenge: asked.challenge } as const;
    return { challengeId: await openCeremony(db, purpose, now()), options: asked.options };
  });
  const failed = limitFailures(app, FAILURES_A_MINUTE);
  const schema = { body: signInSchema, response: { 200: sessionSchema } };
  app.post("/api/desk/sign-in", { ...limit, schema }, async (request, reply) => {
    const credential = await findCredential(jikim, request.body);
    if (credential === null) {
      await failed(request);
      throw new ServerRefusal({ code: "SIGN_IN_FAILED" });
    }
    const who = { staffId: credential.staffId, credentialId: credential.id };
    const token = await startSession(db, who, { from: now(), hours: SESSION_HOURS });
    const person = await findSession(db, token, now());
    if (person === null) throw new ServerRefusal({ code: "SIGN_IN_FAILED" });
    void reply.header("set-cookie", sessionCookie(token, config));
    return showSession(jikim, person);
  });
  sessionRoutes(app, jikim);
};

function sessionRoutes(app: App, jikim: Jikim): void {
  const onRequest = requireSignIn(jikim);
  app.get("/api/desk/session", { onRequest, schema: { response: { 200: sessionSchema } } }, async (request) =>
    showSession(jikim, staffOf(request)),
  );
  app.delete("/api/desk/session", { schema: { response: { 200: emptySchema } } }, async (request, reply) => {
    const token = sessionToken(request);
    if (token !== null) await endSession(jikim.db, token);
    void reply.header("set-cookie", noCookie(jikim.config));
    return {};
  });
}

async function findCredential(jikim: Jikim, answer: SignIn): Promise<CredentialRow | null> {
  return answer.by === "passkey" ? byPasskey(jikim, answer) : byPassphrase(jikim, answer);
}

async function byPasskey(
  { db, config, now }: Jikim,
  { challengeId, response }: Extract<SignIn, { by: "passkey" }>,
): Promise<CredentialRow | null> {
  const challenge = await takeSignIn(db, challengeId, now());
  const credential = typeof response.id === "string" ? await findPasskey(db, response.id) : null;
  if (challenge === null || credential === null) return null;
  const { passkeyId: id, passkeyPublicKey: publicKey, passkeyCounter: counter } = credential;
  if (id === null || publicKey === null || counter === null) return null;
  const used = await verifyPasskey(config, response, { challenge, passkey: { id, publicKey, counter } });
  if (used === null) return null;
  await saveCounter(db, credential.id, used);
  return credential;
}

/** Verified against when nobody has the name, so that the time of an answer does not tell whether someone has. */
const nobody = hash("nobody");

async function byPassphrase(
  { db }: Jikim,
  { pseudonym, token }: Extract<SignIn, { by: "passphrase" }>,
): Promise<CredentialRow | null> {
  const credential = await findPassphrase(db, pseudonym.trim());
  const holds = await verify(credential?.passphraseHash ?? (await nobody), token.replace("=", ""));
  return holds ? credential : null;
}

async function showSession({ db }: Jikim, person: SignedIn): Promise<Session> {
  const { staffId, pseudonym, roles, certificate, wrapped } = person;
  const { root } = await findCentre(db);
  return {
    staffId,
    pseudonym,
    roles: [...roles],
    wrapped: wrapped?.toString("base64url") ?? null,
    certificate,
    root,
  };
}
