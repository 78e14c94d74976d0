import { randomBytes, randomUUID } from "node:crypto";
import { receiptPostSchema, referralMadeSchema, referralPostSchema } from "../../contract/packs.ts";
import { emptySchema } from "../../contract.ts";
import { checkPack } from "../../packs/check.ts";
import { ServerRefusal } from "../../refusal.ts";
import { recordCustody } from "../../store/custody.ts";
import { findReferral, insertReferral, recordHandedOver, recordReceipt, settleWords } from "../../store/referral.ts";
import { CASE_ROLES, doerOf } from "../../store/release.ts";
import { dropTold } from "../../store/retention.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";
import { idSchema } from "./cases.ts";
import { withPack } from "./pack-guard.ts";

/** Of the secret in a link. */
const TOKEN_BYTES = 16;

/** Handing a pack to a unit by a link that works once it was made and until it ends, and what the unit said. */
export const referralRoutes: Routes = (app, jikim) => {
  const { vault, config } = jikim;
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const making = { params: idSchema, body: referralPostSchema, response: { 200: referralMadeSchema } };
  app.post("/api/desk/packs/:id/referrals", { onRequest, schema: making }, (request) =>
    withPack(jikim, request, request.params.id, async ({ tx, caseRow, person, now }, pack) => {
      if (pack.fileId === null)
        throw new ServerRefusal({ code: pack.state === "ordered" ? "PACK_NOT_SEALED" : "PACK_ENDED" });
      await checkPack({ tx, vault, caseRow, now }, pack);
      const [id, token] = [randomUUID(), randomBytes(TOKEN_BYTES).toString("base64url")];
      const expiresAt = now.add({ hours: 24 * request.body.days });
      const { staffId } = person;
      await insertReferral(tx, { id, packId: pack.id, token, staffId, at: now, expiresAt });
      const { id: packId, caseId, unit } = pack;
      await recordCustody(tx, jikim.vault, {
        packId,
        caseId,
        did: "sent",
        by: doerOf(person),
        at: now,
        note: unit.kind,
      });
      return { id, link: `${config.origin}/take/#${token}`, expiresAt: expiresAt.toString() };
    }),
  );
  const receiving = { params: idSchema, body: receiptPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/referrals/:id/receipt", { onRequest, schema: receiving }, async (request) => {
    const { id } = request.params;
    const referral = await findReferral(jikim.db, vault, id);
    await withPack(jikim, request, referral?.packId ?? id, async ({ tx, now }, pack) => {
      const receipt = request.body;
      if (!(await recordReceipt(tx, vault, { id, receipt, at: now })))
        throw new ServerRefusal({ code: "RECEIPT_GIVEN" });
      if (!(await recordHandedOver(tx, id, now))) return;
      const { id: packId, caseId, unit } = pack;
      const by = { role: "unit", who: unit.kind } as const;
      await recordCustody(tx, jikim.vault, { packId, caseId, did: "taken", by, at: now, note: "by hand" });
    });
    return {};
  });
  const telling = { params: idSchema, body: emptySchema, response: { 200: emptySchema } };
  app.post("/api/desk/referrals/:id/told", { onRequest, schema: telling }, async (request) => {
    const { id } = request.params;
    const referral = await findReferral(jikim.db, vault, id);
    await withPack(jikim, request, referral?.packId ?? id, async ({ tx }, pack) => {
      await settleWords(tx, id, "told");
      await dropTold(tx, pack.id);
    });
    return {};
  });
};
