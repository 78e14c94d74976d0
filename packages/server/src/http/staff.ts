import { randomBytes } from "node:crypto";
import type { Role } from "@jikim/casework";
import { z } from "zod";
import { invitedSchema, invitePostSchema, type StaffMember, staffChangeSchema, staffSchema } from "../contract/desk.ts";
import { emptySchema } from "../contract.ts";
import { ServerRefusal } from "../refusal.ts";
import { invite } from "../store/invitation.ts";
import { holdsKeys, listStaff, type StaffRow } from "../store/staff.ts";
import type { Routes } from "./app-type.ts";
import { requireSession, staffOf } from "./session-guard.ts";
import { approve, certify, dismiss } from "./staff-change.ts";

const INVITATION_HOURS = 72;

/** Who works here: invitations by the admin, approvals and certificates by supervisors. */
export const staffRoutes: Routes = (app, jikim) => {
  const { db, now } = jikim;
  const list = { onRequest: requireSession(jikim), schema: { response: { 200: z.array(staffSchema) } } };
  app.get("/api/desk/staff", list, async () => (await listStaff(db)).map(showStaff));
  const invitation = { body: invitePostSchema, response: { 200: invitedSchema } };
  app.post("/api/desk/staff", { onRequest: requireSession(jikim, "admin"), schema: invitation }, async (request) => {
    const roles = checkRoles([...new Set(request.body.roles)]);
    const token = randomBytes(32).toString("base64url");
    const expiresAt = now().add({ hours: INVITATION_HOURS });
    const staffId = await invite(db, { roles, token, expiresAt }, now());
    return { staffId, path: `/desk/#/enrol?token=${token}`, expiresAt: expiresAt.toString() };
  });
  const change = {
    params: z.strictObject({ id: z.uuid() }),
    body: staffChangeSchema,
    response: { 200: emptySchema },
  };
  const deciders = requireSession(jikim, "supervisor", "admin");
  app.post("/api/desk/staff/:id", { onRequest: deciders, schema: change }, async (request) => {
    const { body } = request;
    const decision = { jikim, by: staffOf(request), id: request.params.id };
    if (body.change === "approve") await approve(decision);
    else if (body.change === "certify") await certify(decision, body.certificate);
    else await dismiss(decision);
    return {};
  });
};

/** An admin opens no cases: whoever runs the centre's accounts holds no key. */
function checkRoles(roles: Role[]): Role[] {
  if (roles.includes("admin") && holdsKeys(roles))
    throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.roles" });
  return roles;
}

function showStaff({
  id,
  pseudonym,
  roles,
  state,
  recipient,
  verifyKey,
  certificate,
  approvedBy,
}: StaffRow): StaffMember {
  const key = recipient !== null && verifyKey !== null ? { recipient, verifyKey } : null;
  return { id, pseudonym, roles, state, key, certificate, approvedBy };
}
