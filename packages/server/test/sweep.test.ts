import { afterAll, beforeAll, expect, test } from "vitest";
import { SweepFailed, sweep } from "../src/jobs/sweep.ts";
import { sendNotice } from "../src/notices/send.ts";
import { approveNotice, createPlatform, openCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let mailbox: Mailbox;
let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  mailbox = await openMailbox();
  server = await openTestJikim({ smtp: mailbox.url, mailFrom: "notices@centre.example" });
  centre = await seedCentre(server.jikim);
});
afterAll(async () => {
  await server?.close();
  await mailbox?.close();
});

async function sent() {
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre, { mail: "abuse@board.example", api: false });
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await sendNotice(server.jikim, id);
  return { caseId, id };
}

const remindersOf = (noticeId: string) =>
  server.jikim.db
    .selectFrom("delivery")
    .select("state")
    .where("noticeId", "=", noticeId)
    .where("purpose", "=", "reminder")
    .execute();

test("a case that cannot be read holds up no other case and no other clock, and is named by its kind alone", async () => {
  const { db } = server.jikim;
  const [broken, whole] = [await sent(), await sent()];
  await db
    .updateTable("cases")
    .set({ codesSealed: Buffer.from("damaged") })
    .where("id", "=", broken.caseId)
    .execute();
  const early = server.jikim.now().add({ hours: 1 }).toString();
  await db.updateTable("notice").set({ remindAt: early }).where("id", "=", broken.id).execute();
  server.pass({ hours: 80 });
  const failed = await sweep(server.jikim).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(SweepFailed);
  expect(String(failed)).toMatch(/reminders: /);
  expect(String(failed)).not.toContain(broken.caseId);
  expect(await remindersOf(broken.id)).toEqual([]);
  expect(await remindersOf(whole.id)).toHaveLength(1);
  const planned = await db
    .selectFrom("place")
    .select("nextCheckAt")
    .where("caseId", "=", whole.caseId)
    .executeTakeFirstOrThrow();
  expect(planned.nextCheckAt).not.toBeNull();
});
