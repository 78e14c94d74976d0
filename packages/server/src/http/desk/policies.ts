import { LAWS, PLAIN_REQUEST, Refusal } from "@jikim/casework";
import type { PolicyText } from "@jikim/evidence";
import {
  type Policy,
  policiesSchema,
  policyChangeSchema,
  policyPostSchema,
  policySchema,
  policyTextSchema,
} from "../../contract/desk.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCentre } from "../../store/centre.ts";
import { findPolicies, insertPolicy, type PolicyRow, readRow, readSignedBy, revokePolicy } from "../../store/policy.ts";
import { findRecipient } from "../../store/recipient.ts";
import { CASE_ROLES } from "../../store/release.ts";
import { findStaff } from "../../store/staff.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { idSchema } from "./cases.ts";

/** The longest a standing policy lasts, so that somebody looks at it anew. Ours. */
const MOST_DAYS = 366;
/** How far the clock of her browser may be off. */
const CLOCK_MINUTES = 10;

/** Standing policies: signed by a supervisor in her browser, naming recipient, ground and end. */
export const policyRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const supervising = requireSession(jikim, "supervisor");
  app.get("/api/desk/policies", { onRequest, schema: { response: { 200: policiesSchema } } }, async () => {
    const shown: Policy[] = [];
    for (const row of await findPolicies(jikim.db)) shown.push(await showPolicy(jikim, row));
    return shown;
  });
  const making = { body: policyPostSchema, response: { 200: policySchema } };
  app.post("/api/desk/policies", { onRequest: supervising, schema: making }, async (request) => {
    const { policy } = request.body;
    const trust = await trustOf(jikim);
    const text = await readSignedBy(jikim.db, policy, { ...trust, staffId: staffOf(request).staffId });
    if (text === null || text.staffId !== staffOf(request).staffId || !isSound(text, trust.now))
      throw new ServerRefusal({ code: "POLICY_REFUSED" });
    const recipient = await findRecipient(jikim.db, jikim.vault, text.recipientId);
    if (recipient === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    if (recipient.hostile) throw new Refusal({ code: "RECIPIENT_HOSTILE" });
    if (!(await insertPolicy(jikim.db, text, policy))) throw new ServerRefusal({ code: "ID_TAKEN" });
    const made = (await findPolicies(jikim.db)).find((row) => row.id === text.policyId);
    if (made === undefined) throw new ServerRefusal({ code: "NOT_FOUND" });
    return showPolicy(jikim, made);
  });
  const changing = { params: idSchema, body: policyChangeSchema, response: { 200: emptySchema } };
  app.post("/api/desk/policies/:id", { onRequest: supervising, schema: changing }, async (request) => {
    const { staffId } = staffOf(request);
    if (!(await revokePolicy(jikim.db, request.params.id, { staffId, now: jikim.now() })))
      throw new ServerRefusal({ code: "NOT_FOUND" });
    return {};
  });
};

async function trustOf({ db, now }: Jikim) {
  return { root: (await findCentre(db)).root ?? "", now: now() };
}

/** Made now, on a ground that we know, and for a year at most. */
function isSound(text: PolicyText, now: Temporal.Instant): boolean {
  if (!policyTextSchema.safeParse(text).success) return false;
  const known = Object.values(LAWS).some(({ laws }) =>
    laws.some((law) => law.kind === "ground" && law.id === text.ground),
  );
  if (!known && text.ground !== PLAIN_REQUEST) return false;
  const [madeAt, endsAt] = [Temporal.Instant.from(text.madeAt), Temporal.Instant.from(text.endsAt)];
  const off = Math.abs(madeAt.until(now).total("minutes"));
  const days = now.until(endsAt).total({ unit: "hours" }) / 24;
  return off <= CLOCK_MINUTES && days > 0 && days <= MOST_DAYS;
}

async function showPolicy(jikim: Jikim, row: PolicyRow): Promise<Policy> {
  const { db, vault } = jikim;
  const trust = await trustOf(jikim);
  const policy = await readRow(db, row, trust);
  const recipient = await findRecipient(db, vault, row.recipientId);
  const signer = await findStaff(db, row.madeBy);
  const running = policy.withdrawnAt === null && Temporal.Instant.compare(trust.now, policy.until) < 0;
  return {
    ...{ id: row.id, ground: policy.ground, madeBy: signer?.pseudonym ?? "" },
    recipient: { id: row.recipientId, name: recipient?.card.name.ko ?? "" },
    ...{ madeAt: row.madeAt.toString(), endsAt: row.endsAt.toString(), revokedAt: row.revokedAt?.toString() ?? null },
    live: policy.signatureHolds && running,
  };
}
