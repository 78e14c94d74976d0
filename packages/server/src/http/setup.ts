import { readCertificate } from "@jikim/evidence";
import type { FastifyRequest } from "fastify";
import { type SetupKeys, setupKeysSchema, setupSchema } from "../contract/setup.ts";
import { emptySchema } from "../contract.ts";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { findCentre } from "../store/centre.ts";
import { enrolmentToken, isSetupToken } from "../store/invitation.ts";
import { type Opening, openCentre } from "../store/opening.ts";
import { certifiedBy, listStaff, type StaffRow } from "../store/staff.ts";
import type { Routes } from "./app-type.ts";
import { secretOf } from "./authorization.ts";
import { aMinute } from "./limits.ts";

/** The first set-up, by the one-time link: an admin enrols, an intake person enrols, the offline keys are made, the centre opens. */
export const setupRoutes: Routes = (app, jikim) => {
  const limit = aMinute(jikim.config.anonymousAMinute);
  app.get("/api/setup", { ...limit, schema: { response: { 200: setupSchema } } }, async (request) => {
    const token = await setupToken(jikim, request);
    const { admin, intake } = await findFirst(jikim);
    const turn = admin.state === "invited" ? admin : intake.state === "invited" ? intake : null;
    const { openedAt } = await findCentre(jikim.db);
    return {
      step: turn === admin ? "admin" : turn === intake ? "intake" : openedAt === null ? "keys" : "done",
      enrolment: turn && enrolmentToken(token, turn.roles),
      serviceKey: jikim.service.public,
      intake: keyOf(intake),
    } as const;
  });
  const schema = { body: setupKeysSchema, response: { 200: emptySchema } };
  app.post("/api/setup/keys", { ...limit, schema }, async (request) => {
    await setupToken(jikim, request);
    const { intake } = await findFirst(jikim);
    const opening = await readOpening(jikim, request.body, intake);
    if (!(await openCentre(jikim.db, opening, jikim.now()))) throw new ServerRefusal({ code: "LINK_EXPIRED" });
    return {};
  });
};

/** @throws {ServerRefusal} `LINK_EXPIRED`. */
async function setupToken({ db }: Jikim, request: FastifyRequest): Promise<string> {
  const token = secretOf(request, "Setup");
  if (token === null || !(await isSetupToken(db, token))) throw new ServerRefusal({ code: "LINK_EXPIRED" });
  return token;
}

async function findFirst({ db }: Jikim): Promise<{ readonly admin: StaffRow; readonly intake: StaffRow }> {
  const staff = await listStaff(db);
  const admin = staff.find((person) => person.roles.includes("admin"));
  const intake = staff.find((person) => person.roles.includes("intake"));
  if (admin === undefined || intake === undefined) throw new ServerRefusal({ code: "LINK_EXPIRED" });
  return { admin, intake };
}

function keyOf({ id, roles, recipient, verifyKey }: StaffRow) {
  return recipient === null || verifyKey === null ? null : { staffId: id, roles, recipient, verifyKey };
}

/** @throws {ServerRefusal} `CERTIFICATE_REFUSED` when a certificate is not the root's, or not for the key we know. */
async function readOpening({ db, service, now }: Jikim, keys: SetupKeys, intake: StaffRow): Promise<Opening> {
  const { root, certificates, centre } = keys;
  const at = now();
  const ours = readCertificate(certificates.service, "service", root, at.epochMilliseconds);
  const recovery = readCertificate(certificates.recovery, "recovery", root, at.epochMilliseconds);
  const certified = certifiedBy({ ...intake, certificate: certificates.intake }, root, at);
  if (ours?.verifyKey !== service.public || recovery === null || certified === null)
    throw new ServerRefusal({ code: "CERTIFICATE_REFUSED" });
  const { settings } = await findCentre(db);
  return {
    root,
    service: certificates.service,
    recovery: certificates.recovery,
    recoveryRecipient: recovery.recipient,
    intake: { staffId: intake.id, certificate: certificates.intake },
    settings: { ...settings, ...centre },
  };
}
