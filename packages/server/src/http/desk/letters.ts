import { findChromium, openPrinter } from "../../letters/printer.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCaseOf } from "../../store/holder.ts";
import { lockNotice, openWritten } from "../../store/notice.ts";
import { CASE_ROLES } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { wrapOf } from "./case-guard.ts";
import { idSchema } from "./cases.ts";

/** A notice as a PDF letter, for recipients that take paper or an attachment; also of a closed case. */
export const letterRoutes: Routes = (app, jikim) => {
  const printer = jikim.printer ?? openPrinter(findChromium());
  if (jikim.printer === undefined) app.addHook("onClose", () => printer.close());
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const schema = { params: idSchema };
  app.get("/api/desk/notices/:id/letter", { onRequest, schema }, async (request, reply) => {
    const noticeId = request.params.id;
    const person = staffOf(request);
    const { html } = await jikim.db.transaction().execute(async (tx) => {
      const caseId = await findCaseOf(tx, "notice", noticeId);
      if (caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
      await wrapOf(tx, { person, caseId, now: jikim.now() });
      const row = await lockNotice(tx, noticeId);
      if (row === null) throw new ServerRefusal({ code: "NOT_FOUND" });
      return openWritten(jikim.vault, row);
    });
    // Notices of earlier versions were written as text alone.
    if (html === "") throw new ServerRefusal({ code: "NOT_FOUND" });
    const pdf = await printer.print(html);
    if (pdf === null) throw new ServerRefusal({ code: "NO_PRINTER" });
    reply.header("cache-control", "no-store").header("content-disposition", `inline; filename="${noticeId}.pdf"`);
    return reply.type("application/pdf").send(Buffer.from(pdf));
  });
};
