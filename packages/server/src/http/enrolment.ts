import type { Role } from "@jikim/casework";
import { hash } from "@node-rs/argon2";
import type { FastifyRequest } from "fastify";
import { type Enrol, enrolmentSchema, enrolSchema } from "../contract/setup.ts";
import { emptySchema } from "../contract.ts";
import type { Jikim } from "../jikim.ts";
import { askForNewPasskey, readNewPasskey } from "../passkey.ts";
import { ServerRefusal } from "../refusal.ts";
import { findCentre } from "../store/centre.ts";
import { findEnrolChallenges, openCeremony } from "../store/ceremony.ts";
import { recordEnrolment, type WayIn } from "../store/enrolment.ts";
import { findInvited } from "../store/invitation.ts";
import { holdsKeys, type StaffRow } from "../store/staff.ts";
import type { Routes } from "./app-type.ts";
import { secretOf } from "./authorization.ts";
import { aMinute } from "./limits.ts";

/** Enrolment by a one-time link: a passkey or a generated passphrase, and the staff key wrapped under it in the browser. */
export const enrolmentRoutes: Routes = (app, jikim) => {
  const { db, config, now } = jikim;
  const limit = aMinute(config.anonymousAMinute);
  app.get("/api/enrolment", { ...limit, schema: { response: { 200: enrolmentSchema } } }, async (request) => {
    const { id: staffId, roles } = (await invited(jikim, request)).person;
    const { settings } = await findCentre(db);
    const { options, challenge } = await askForNewPasskey(config, { staffId, roles, centre: settings.name.ko });
    await openCeremony(db, { purpose: "enrol", staffId, challenge }, now());
    return { staffId, roles, needsKey: holdsKeys(roles), options };
  });
  const schema = { body: enrolSchema, response: { 200: emptySchema } };
  app.post("/api/enrolment", { ...limit, schema }, async (request) => {
    const { person, token } = await invited(jikim, request);
    const { pseudonym, key } = request.body;
    checkKey(request.body, person.roles);
    const waysIn = await readWaysIn(jikim, person, request.body);
    const { openedAt } = await findCentre(db);
    const state = openedAt === null && !holdsKeys(person.roles) ? "active" : "waiting";
    const enrolled = { token, staffId: person.id, state, pseudonym, key, waysIn } as const;
    if (!(await recordEnrolment(db, enrolled, now()))) throw new ServerRefusal({ code: "LINK_EXPIRED" });
    return {};
  });
};

/** @throws {ServerRefusal} `LINK_EXPIRED`. */
async function invited(
  { db, now }: Jikim,
  request: FastifyRequest,
): Promise<{ readonly person: StaffRow; readonly token: string }> {
  const token = secretOf(request, "Enrolment");
  const person = token === null ? null : await findInvited(db, token, now());
  if (token === null || person === null) throw new ServerRefusal({ code: "LINK_EXPIRED" });
  return { person, token };
}

/** Roles that hold case keys bring one, wrapped under at least one way in; the others bring none. */
function checkKey({ passkey, passphrase, key }: Enrol, roles: readonly Role[]): void {
  const wrapped = (passkey?.wrapped ?? null) !== null || (passphrase?.wrapped ?? null) !== null;
  if (passkey === null && passphrase === null) throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.passkey" });
  if (holdsKeys(roles) !== (key !== null) || wrapped !== (key !== null))
    throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.key" });
}

async function readWaysIn({ db, config, now }: Jikim, person: StaffRow, enrol: Enrol): Promise<WayIn[]> {
  const waysIn: WayIn[] = [];
  const bytes = (text: string | null) => (text === null ? null : Buffer.from(text, "base64url"));
  if (enrol.passkey !== null) {
    const challenges = await findEnrolChallenges(db, person.id, now());
    const passkey = await readNewPasskey(config, enrol.passkey.response, challenges);
    if (passkey === null) throw new ServerRefusal({ code: "PASSKEY_REFUSED" });
    const { id: passkeyId, publicKey: passkeyPublicKey, counter: passkeyCounter } = passkey;
    const wrapped = bytes(enrol.passkey.wrapped);
    waysIn.push({ kind: "passkey", passkeyId, passkeyPublicKey, passkeyCounter, wrapped });
  }
  if (enrol.passphrase !== null) {
    const passphraseHash = await hash(enrol.passphrase.token.replace("=", ""));
    waysIn.push({ kind: "passphrase", passphraseHash, wrapped: bytes(enrol.passphrase.wrapped) });
  }
  return waysIn;
}
