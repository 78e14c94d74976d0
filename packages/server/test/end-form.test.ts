import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { sendNotice } from "../src/notices/send.ts";
import { findDueNotices } from "../src/store/delivery.ts";
import { approveAll, tellRecipient } from "./asking.ts";
import { createPlatform, did, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import type { Survivor } from "./survivor.ts";

let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
  const expiresAt = server.jikim.now().add({ hours: 10_000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
afterAll(() => server?.close());

const act = (url: string, body: object = {}) => post(server.app, centre.staff, url, body);
const read = (caseId: string) => readCase(server.app, centre.staff, caseId);
const now = () => server.jikim.now().toString();
const flag = (caseId: string, flags: object) => did(act(`/api/desk/cases/${caseId}/flags`, flags));
const consent = ({ headers }: Survivor, change: "withdraw" | "give") =>
  did(ask(server.app, { method: "POST", url: "/api/my/consents", headers, body: { act: "remove", change } }));

type Told = { readonly language?: "ko" | "en"; readonly known?: true; readonly ageBand?: "20s" | "14-17" };

/** Recipients that have nothing but a web form. */
async function formAt(site: string, { language = "ko", known }: Told): Promise<string> {
  const form = `https://${site}/report`;
  if (known === undefined) return (await tellRecipient(server.app, centre.staff, { form, hosts: [site], language })).id;
  const { id } = await createPlatform(server, centre, { api: false, hosts: [site] });
  await did(post(server.app, centre.admin, `/api/desk/recipients/${id}`, { form }));
  return id;
}

/** Notices of one case that were sent by hand, by web forms. */
async function sentByForm(count: number, told: Told = {}) {
  const sites = Array.from({ length: count }, () => `${crypto.randomUUID().slice(0, 8)}.example`);
  const recipients: string[] = [];
  for (const site of sites) recipients.push(await formAt(site, told));
  const places = sites.map((site) => ({ kind: "url" as const, text: `https://${site}/p/1` }));
  const codes = { danger: false, threat: false, ageBand: told.ageBand ?? ("20s" as const), harms: [] };
  const { caseId, survivor } = await openCase(server, centre, { places, codes });
  const held = await read(caseId);
  const notices: desk.Notice[] = [];
  for (const [at, recipient] of recipients.entries()) {
    const body = { places: [held.places[at]?.id ?? ""], recipients: [recipient] };
    notices.push(...(await did<{ notices: desk.Notice[] }>(act(`/api/desk/cases/${caseId}/notices`, body))).notices);
  }
  await did(approveAll(server.app, centre.staff, notices));
  const sheets = notices.map(({ id, places: its }) => ({ noticeId: id, sentAt: now(), places: its.length }));
  await did(act(`/api/desk/cases/${caseId}/sheets`, { sheets }));
  const [id = ""] = notices.map((notice) => notice.id);
  return {
    caseId,
    survivor,
    id,
    ids: notices.map((notice) => notice.id),
    recipient: recipients[0] ?? "",
    site: sites[0],
  };
}

type Sent = Awaited<ReturnType<typeof sentByForm>>;

/** What is due is done, as the sweep finds it. */
async function carryOn({ ids }: Pick<Sent, "ids">): Promise<void> {
  await sweep(server.jikim);
  const due = await findDueNotices(server.jikim.db, server.jikim.now(), 500);
  for (const id of ids) if (due.includes(id)) await sendNotice(server.jikim, id);
}

async function withdraw(sent: Sent): Promise<void> {
  await consent(sent.survivor, "withdraw");
  await carryOn(sent);
}

const endOf = async ({ caseId, id }: Sent) => {
  const { notices, next } = await read(caseId);
  return { act: next.act, sheet: notices.find((notice) => notice.id === id)?.endSheet ?? null };
};
const dueEnds = async ({ ids }: Sent) => {
  const url = "/api/desk/due?kind=sheet&limit=200";
  const { rows } = await did<desk.Due>(ask(server.app, { url, headers: centre.staff.headers }));
  return rows.filter(({ noticeId, purpose }) => ids.includes(noticeId) && purpose === "withdrawal");
};
const sayEnded = (id: string, sentAt = now()) =>
  act(`/api/desk/notices/${id}/sheet`, { sentAt, purpose: "withdrawal" });
const words = (sheet: desk.Sheet | null) => sheet?.rows.map(({ value }) => value).join("\n") ?? "";

describe("a recipient who has only a web form", () => {
  test("is told of a withdrawal by a sheet with the words of the end, and once that is said to be sent nothing waits", async () => {
    const sent = await sentByForm(1);
    server.pass({ hours: 2 });
    await withdraw(sent);
    const { act: next, sheet } = await endOf(sent);
    expect([next, sheet?.url]).toEqual(["send-by-hand", `https://${sent.site}/report`]);
    expect(words(sheet)).toContain("더 회신하실 필요가 없습니다");
    expect(words(sheet)).toContain(sent.id);
    expect(words(sheet)).not.toContain("/p/1");
    expect((await read(sent.caseId)).notices[0]?.sheet).toBeNull();
    expect(await dueEnds(sent)).toHaveLength(1);
    const early = server.jikim.now().subtract({ hours: 1 }).toString();
    expect(codeOf(await sayEnded(sent.id, early))).toBe("SENT_TIME_WRONG");
    await did(sayEnded(sent.id));
    expect(await endOf(sent)).toEqual({ act: "list-items", sheet: null });
    expect(await dueEnds(sent)).toEqual([]);
    expect(codeOf(await sayEnded(sent.id))).toBe("NOTHING_TO_SETTLE");
  });

  test("reads of a withdrawal only where he is known and she is grown up; else that no answer is needed, in his language", async () => {
    const [known, child, english] = [
      await sentByForm(1, { known: true }),
      await sentByForm(1, { known: true, ageBand: "14-17" }),
      await sentByForm(1, { language: "en" }),
    ];
    for (const sent of [known, child, english]) await withdraw(sent);
    expect(words((await endOf(known)).sheet)).toContain("철회합니다");
    expect(words((await endOf(child)).sheet)).not.toContain("철회");
    expect(words((await endOf(english)).sheet)).toContain("You need not answer us any further");
    // Somebody may be with her, as it turns out: the words follow.
    await flag(known.caseId, { danger: true });
    await carryOn(known);
    expect(words((await endOf(known)).sheet)).toContain("더 회신하실 필요가 없습니다");
    expect(words((await endOf(known)).sheet)).not.toContain("철회");
  });

  test.each(["threat", "policeHold"] as const)("is not told while there is a %s, and is afterwards", async (which) => {
    const [before, during] = [await sentByForm(1), await sentByForm(1)];
    await withdraw(before);
    for (const { caseId } of [before, during]) await flag(caseId, { [which]: true });
    await withdraw(during);
    for (const sent of [before, during]) {
      expect(codeOf(await sayEnded(sent.id))).toBe("NOTHING_TO_SETTLE");
      await carryOn(sent);
      const end = await endOf(sent);
      expect([end.sheet, end.act === "send-by-hand", await dueEnds(sent)]).toEqual([null, false, []]);
      await flag(sent.caseId, { [which]: false });
    }
    server.pass({ hours: 6, minutes: 1 });
    for (const sent of [before, during]) {
      await carryOn(sent);
      expect((await endOf(sent)).act).toBe("send-by-hand");
      await did(sayEnded(sent.id));
    }
  });

  test("is never told when he is the threat, nor when she wants removal again", async () => {
    const [hostile, later, again] = [await sentByForm(1), await sentByForm(1), await sentByForm(1)];
    await did(act(`/api/desk/recipients/${hostile.recipient}`, { hostile: true }));
    for (const sent of [hostile, later, again]) await withdraw(sent);
    await did(act(`/api/desk/recipients/${later.recipient}`, { hostile: true }));
    await consent(again.survivor, "give");
    for (const sent of [hostile, later, again]) {
      server.pass({ hours: 7 });
      await carryOn(sent);
      expect((await endOf(sent)).sheet).toBeNull();
      expect(await dueEnds(sent)).toEqual([]);
    }
    expect(codeOf(await sayEnded(later.id))).toBe("RECIPIENT_HOSTILE");
  });

  test("is told together with the others of the case by one key, also when the case was closed meanwhile", async () => {
    const sent = await sentByForm(2);
    await withdraw(sent);
    await did(act(`/api/desk/cases/${sent.caseId}/close`));
    expect(await dueEnds(sent)).toHaveLength(2);
    const sheet = (purpose: string) => (noticeId: string) => ({ noticeId, sentAt: now(), places: 1, purpose });
    const together = (purpose: string) =>
      act(`/api/desk/cases/${sent.caseId}/sheets`, { sheets: sent.ids.map(sheet(purpose)) });
    expect(codeOf(await together("notice"))).toBe("CASE_CLOSED");
    await did(together("withdrawal"));
    expect(await dueEnds(sent)).toEqual([]);
  });
});
