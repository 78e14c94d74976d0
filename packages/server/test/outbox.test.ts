import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sweep } from "../src/jobs/sweep.ts";
import { sendNotice } from "../src/notices/send.ts";
import { findDueNotices } from "../src/store/delivery.ts";
import { approveNotice, createPlatform, did, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type MailServers, startMailServers } from "./mail-servers.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import { openSmtpGate, type SmtpGate } from "./smtp-gate.ts";

const FROM = "notices@centre.example";
const TO = "abuse@board.example";

let servers: MailServers;
let gate: SmtpGate;
let server: TestJikim;
let centre: SeededCentre;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  servers = await startMailServers([FROM]);
  gate = await openSmtpGate(servers.smtp);
  server = await openTestJikim({ smtp: gate.url, mailFrom: FROM });
  centre = await seedCentre(server.jikim);
  // The clock is moved by hours here, and nobody signs in anew.
  const expiresAt = server.jikim.now().add({ hours: 10_000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
beforeEach(() => gate.reach("pass"));
afterEach(async () => {
  worker?.kill("SIGKILL");
  // Nobody is reminded of the notices of earlier tests.
  await server.jikim.db.updateTable("notice").set({ remindAt: null }).execute();
});
afterAll(async () => {
  await server?.close();
  await gate?.close();
  await servers?.close();
});

/** A notice by mail, approved; its job waits for a worker. */
async function approved() {
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre, { mail: TO, api: false });
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  return { caseId, id, taken: () => servers.countTaken(`<${id}@centre.example>`) };
}

/** The real worker, as a process of its own. */
function startWorker(): ChildProcess {
  const { connection } = server.database;
  const { service, config } = server.jikim;
  const at = server.jikim.now().toString();
  worker = spawn(process.execPath, [join(import.meta.dirname, "worker.ts")], {
    env: { ...process.env, WORKER: JSON.stringify({ connection, service, config, at }) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return worker;
}

async function kill(running: ChildProcess): Promise<void> {
  const gone = once(running, "exit");
  running.kill("SIGKILL");
  await gone;
}

const stateOf = async (id: string) =>
  (
    await server.jikim.db
      .selectFrom("delivery")
      .select("state")
      .where("noticeId", "=", id)
      .where("purpose", "=", "notice")
      .executeTakeFirst()
  )?.state;

/** Holds a case's row, so that whoever needs it waits, until it is let go. */
async function holdCase(caseId: string): Promise<() => Promise<void>> {
  const transaction = await server.jikim.db.startTransaction().execute();
  await transaction.selectFrom("cases").select("id").where("id", "=", caseId).forUpdate().execute();
  return () => transaction.rollback().execute();
}

/** Somebody in the database waits for a row that we hold. */
async function somebodyWaits(): Promise<void> {
  await expect
    .poll(
      async () => {
        const { rows } = await sql`select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(server.jikim.db);
        return rows.length;
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThan(0);
}

/** The places at which a worker is killed; each leaves with nothing of it running. */
const KILLS: Readonly<Record<string, (notice: Awaited<ReturnType<typeof approved>>) => Promise<void>>> = {
  "before it took the notice": async ({ caseId }) => {
    const letGo = await holdCase(caseId);
    const running = startWorker();
    await somebodyWaits();
    await kill(running);
    await letGo();
  },
  "when it had written down that it hands it over": async ({ id }) => {
    gate.reach("silent");
    const running = startWorker();
    await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe("handed-over");
    await kill(running);
  },
  "in the middle of the mail": async ({ taken }) => {
    gate.reach("body");
    const before = gate.withheld;
    const running = startWorker();
    await expect.poll(() => gate.withheld, { timeout: 20_000 }).toBeGreaterThan(before);
    await kill(running);
    expect(await taken()).toBe(0);
  },
  "when the server had taken the mail and its answer was on the way": async ({ taken }) => {
    gate.reach("answer");
    const running = startWorker();
    await expect.poll(taken, { timeout: 20_000 }).toBe(1);
    await kill(running);
  },
  "when it had the answer and had not recorded it": async ({ caseId, taken }) => {
    gate.reach("held");
    const before = gate.came;
    const running = startWorker();
    await expect.poll(() => gate.came, { timeout: 20_000 }).toBe(before + 1);
    const letGo = await holdCase(caseId);
    gate.open();
    await expect.poll(taken, { timeout: 20_000 }).toBe(1);
    await somebodyWaits();
    await kill(running);
    await letGo();
  },
  "when it had recorded it": async ({ id }) => {
    const running = startWorker();
    await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe("sent");
    await kill(running);
  },
};

/** What the next worker does as time goes by: whatever is due, as the sweep finds it. Mail takes its own time to arrive. */
async function carryOn(id: string, hours: number): Promise<void> {
  for (let minutes = 0; minutes < hours * 60; minutes += 4) {
    server.pass({ minutes: 4 });
    await sweep(server.jikim);
    if ((await findDueNotices(server.jikim.db, server.jikim.now(), 500)).includes(id))
      await sendNotice(server.jikim, id);
    if ((await stateOf(id)) === "in-doubt" && server.jikim.config.mail.inbox !== null) await pause(20);
  }
}

describe("a worker killed with SIGKILL", { timeout: 90_000 }, () => {
  for (const [when, killed] of Object.entries(KILLS)) {
    test(`${when} neither loses nor doubles it, by the copy in the archive`, async () => {
      const withArchive = { ...server.jikim.config.mail, inbox: archive() };
      const { config } = server.jikim;
      Object.assign(config, { mail: withArchive });
      const notice = await approved();
      await killed(notice);
      gate.reach("pass");
      await carryOn(notice.id, 5);
      expect(await stateOf(notice.id)).toBe("sent");
      expect(await notice.taken()).toBe(1);
      await carryOn(notice.id, 1);
      expect(await notice.taken()).toBe(1);
    });
  }

  test("whose archive refused a copy leaves the doubt to a person: that no copy came proves nothing", async () => {
    const { config } = server.jikim;
    const before = config.mail;
    Object.assign(config, { mail: { ...before, inbox: archive(), archive: "refused@centre.example" } });
    const notice = await approved();
    await sendNotice(server.jikim, notice.id);
    expect([await notice.taken(), await stateOf(notice.id)]).toEqual([0, "pending"]);
    server.pass({ minutes: 2 });
    await KILLS["when the server had taken the mail and its answer was on the way"]?.(notice);
    gate.reach("pass");
    await carryOn(notice.id, 10);
    expect([await notice.taken(), await stateOf(notice.id)]).toEqual([1, "in-doubt"]);
    expect((await readCase(server.app, centre.staff, notice.caseId)).next.act).toBe("settle-doubt");
    Object.assign(config, { mail: before });
  });

  test("with no archive to look into leaves the doubt to a person, and nothing is sent again by itself", async () => {
    Object.assign(server.jikim.config, { mail: { ...server.jikim.config.mail, inbox: null } });
    const notice = await approved();
    await KILLS["when the server had taken the mail and its answer was on the way"]?.(notice);
    gate.reach("pass");
    await carryOn(notice.id, 10);
    expect(await stateOf(notice.id)).toBe("in-doubt");
    expect(await notice.taken()).toBe(1);
    expect((await readCase(server.app, centre.staff, notice.caseId)).next.act).toBe("settle-doubt");
    const due = await did<{ rows: { noticeId: string }[] }>(
      ask(server.app, { url: "/api/desk/due?kind=doubt", headers: centre.staff.headers }),
    );
    expect(due.rows.map((row) => row.noticeId)).toContain(notice.id);
    const settle = (answer: string) =>
      post(server.app, centre.staff, `/api/desk/notices/${notice.id}/doubt`, { channel: "mail", answer });
    await did(settle("arrived"));
    expect(await stateOf(notice.id)).toBe("sent");
    expect(codeOf(await settle("send-again"))).toBe("NOTHING_TO_SETTLE");
    expect((await readCase(server.app, centre.staff, notice.caseId)).places[0]?.state).toBe("asked");
  });

  test("and a person who says send again sends it once more, under the same Message-ID", async () => {
    Object.assign(server.jikim.config, { mail: { ...server.jikim.config.mail, inbox: null } });
    const notice = await approved();
    await KILLS["when it had written down that it hands it over"]?.(notice);
    gate.reach("pass");
    await carryOn(notice.id, 1);
    expect(await notice.taken()).toBe(0);
    const body = { channel: "mail", answer: "send-again" };
    await did(post(server.app, centre.staff, `/api/desk/notices/${notice.id}/doubt`, body));
    await sendNotice(server.jikim, notice.id);
    expect([await notice.taken(), await stateOf(notice.id)]).toEqual([1, "sent"]);
  });
});

function archive() {
  return { url: servers.imap(FROM), folder: "INBOX", done: null, pollSeconds: 60 };
}
