import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { sendNotice } from "../src/notices/send.ts";
import { approveAll, tellRecipient } from "./asking.ts";
import { approveNotice, createPlatform, did, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
});
afterAll(() => server?.close());

const act = (url: string, body: object = {}) => post(server.app, centre.staff, url, body);
const read = (caseId: string) => readCase(server.app, centre.staff, caseId);

/** An approved notice whose web form waits to be sent by hand. */
async function sheetTo() {
  const site = `${crypto.randomUUID().slice(0, 8)}.example`;
  const recipient = await tellRecipient(server.app, centre.staff, { form: `https://${site}/report`, hosts: [site] });
  const { caseId } = await openCase(server, centre, { places: [{ kind: "url", text: `https://${site}/p/1` }] });
  const places = (await read(caseId)).places.map(({ id }) => id);
  const { notices } = await did<{ notices: desk.Notice[] }>(
    act(`/api/desk/cases/${caseId}/notices`, { places, recipients: [recipient.id] }),
  );
  await did(approveAll(server.app, centre.staff, notices));
  const id = notices[0]?.id ?? "";
  expect((await read(caseId)).next.act).toBe("send-by-hand");
  return { caseId, id, recipient, site };
}

type Waiting = Awaited<ReturnType<typeof sheetTo>>;

async function expectStopped({ caseId, id }: Waiting): Promise<void> {
  const { notices, next } = await read(caseId);
  expect(notices.find((notice) => notice.id === id)).toMatchObject({
    ...{ state: "stopped", sheet: null, deliveries: [{ channel: "form", state: "failed" }] },
  });
  expect(next.act).not.toBe("send-by-hand");
  const due = await did<desk.Due>(
    ask(server.app, { url: "/api/desk/due?kind=sheet&limit=200", headers: centre.staff.headers }),
  );
  expect(due.rows.filter(({ noticeId }) => noticeId === id)).toEqual([]);
}

describe("a web form that waits to be sent to one who turns out to be the threat", () => {
  test("is ready no more, asks for nothing, and is not called sent", async () => {
    const one = await sheetTo();
    await did(act(`/api/desk/recipients/${one.recipient.id}`, { hostile: true }));
    await expectStopped(one);
    const sentAt = server.jikim.now().toString();
    expect(codeOf(await act(`/api/desk/notices/${one.id}/sheet`, { sentAt }))).toBe("RECIPIENT_HOSTILE");
    const sheets = [{ noticeId: one.id, sentAt, places: 1 }];
    expect(codeOf(await act(`/api/desk/cases/${one.caseId}/sheets`, { sheets }))).toBe("RECIPIENT_HOSTILE");
  });

  test("goes also when another of the same host is marked, and no other notice with it", async () => {
    const [one, other] = [await sheetTo(), await sheetTo()];
    await tellRecipient(server.app, centre.staff, { hosts: [one.site], hostile: true });
    await expectStopped(one);
    expect((await read(other.caseId)).next.act).toBe("send-by-hand");
  });

  test("is found by the sweep where the process died that marked him", async () => {
    const one = await sheetTo();
    const sentAt = server.jikim.now().toString();
    await server.jikim.db.updateTable("recipient").set({ hostile: true }).where("id", "=", one.recipient.id).execute();
    expect(codeOf(await act(`/api/desk/notices/${one.id}/sheet`, { sentAt }))).toBe("RECIPIENT_HOSTILE");
    await sweep(server.jikim);
    await expectStopped(one);
  });
});

test("what a platform that is the threat has not read in its feed is stopped; what it read stays sent", async () => {
  const platform = await createPlatform(server, centre, { hosts: [`${crypto.randomUUID().slice(0, 8)}.example`] });
  const ids: string[] = [];
  for (const isRead of [true, false]) {
    const { caseId } = await openCase(server, centre);
    const id = await approveNotice(server.app, centre.staff, caseId, platform);
    await sendNotice(server.jikim, id);
    const url = "/api/platform/notices?after=0";
    if (isRead) await did(ask(server.app, { url, headers: platform.headers }));
    ids.push(id);
  }
  await did(act(`/api/desk/platforms/${platform.id}`, { hostile: true }));
  const rows = await server.jikim.db.selectFrom("notice").select(["id", "state"]).where("id", "in", ids).execute();
  expect(ids.map((id) => rows.find((row) => row.id === id)?.state)).toEqual(["sent", "stopped"]);
});
