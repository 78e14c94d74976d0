import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../src/database.ts";
import type { Jikim } from "../src/jikim.ts";
import { sendNotice } from "../src/notices/send.ts";
import { type Postgres, startPostgres, temporaryFolder } from "../src/postgres/index.ts";
import { findDueNotices } from "../src/store/delivery.ts";
import { migrate } from "../src/store/migrate.ts";
import { createPlatform, did, draftNotice, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type MailServers, startMailServers } from "./mail-servers.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import { openSmtpGate, type Reach, type SmtpGate } from "./smtp-gate.ts";

const FROM = "notices@centre.example";
const TO = "abuse@board.example";

let folder: string;
let postgres: Postgres;
let servers: MailServers;
let gate: SmtpGate;
let server: TestJikim;
let centre: SeededCentre;
/** A second process of the server, as far as the database can tell. */
let second: Jikim;

beforeAll(async () => {
  folder = await temporaryFolder("jikim-once-");
  postgres = await startPostgres({ folder, fsync: false, say: () => undefined });
  await migrate(postgres.connection);
  servers = await startMailServers([FROM]);
  gate = await openSmtpGate(servers.smtp);
  const database = { connection: postgres.connection, url: postgres.url, drop: async () => undefined };
  server = await openTestJikim({ smtp: gate.url, mailFrom: FROM }, database);
  second = { ...server.jikim, db: openDatabase(postgres.connection) };
  centre = await seedCentre(server.jikim);
  // The clock is moved by hours here, and nobody signs in anew.
  const expiresAt = server.jikim.now().add({ hours: 100_000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
}, 60_000);
beforeEach(() => {
  gate.reach("pass");
  keepCopies("kept");
});
afterAll(async () => {
  await second?.db.destroy();
  await server?.close();
  await gate?.close();
  await servers?.close();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

function keepCopies(copies: "kept" | "none"): void {
  const inbox = copies === "none" ? null : { url: servers.imap(FROM), folder: "INBOX", done: null, pollSeconds: 60 };
  Object.assign(server.jikim.config, { mail: { ...server.jikim.config.mail, inbox } });
}

type Approved = { readonly caseId: string; readonly id: string; readonly taken: () => Promise<number> };

/** @param ahead  hours by which the clock is ahead when it is approved. */
async function approved(ahead = 0): Promise<Approved> {
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre, { mail: TO, api: false });
  const id = await draftNotice(server.app, centre.staff, caseId, platform);
  server.pass({ hours: ahead });
  const body = { notices: [id], recipients: [platform.id] };
  await did(post(server.app, centre.staff, "/api/desk/notices/approve", body));
  server.pass({ hours: -ahead });
  return { caseId, id, taken: () => servers.countTaken(`<${id}@centre.example>`) };
}

const stateOf = async (id: string) =>
  (
    await server.jikim.db
      .selectFrom("delivery")
      .select("state")
      .where("noticeId", "=", id)
      .where("purpose", "=", "notice")
      .executeTakeFirstOrThrow()
  ).state;

/** What two workers do at once as hours go by, until nothing is open any more or only a person can tell. */
async function goOn({ id }: Approved, hours: number): Promise<void> {
  for (let minutes = 0; minutes < hours * 60; minutes += 10) {
    server.pass({ minutes: 10 });
    await Promise.all([sendNotice(server.jikim, id), sendNotice(second, id)]);
    if ((await stateOf(id)) === "in-doubt") await pause(20);
  }
}

/** The copy of what was taken lies in the archive: mail takes a time of its own. */
async function copyIsThere({ id }: Approved): Promise<void> {
  const there = async () => (await servers.mailsTo(FROM)).map((mail) => mail.messageId);
  await expect.poll(there, { timeout: 20_000 }).toContain(`<${id}@centre.example>`);
}

/** What pg_ctl restart -m immediate does: every session dies where it stands, and the next start recovers. */
async function restartDatabase(): Promise<void> {
  const pidFile = join(folder, "postgres", "cluster", "postmaster.pid");
  const processOf = async () => Number((await readFile(pidFile, "utf8").catch(() => "")).split("\n")[0]);
  const before = await processOf();
  process.kill(before, "SIGQUIT");
  const answers = async () => {
    const is = await sql`select 1`.execute(server.jikim.db).catch(() => null);
    return is !== null && (await processOf()) !== before;
  };
  await expect.poll(answers, { timeout: 30_000 }).toBe(true);
}

/** Begins to send, and waits until `then` holds. */
async function begin({ id }: Approved, how: Reach, then: () => Promise<void>): Promise<{ ended: Promise<unknown> }> {
  gate.reach(how);
  const ended = sendNotice(server.jikim, id).catch((error: unknown) => error);
  await then();
  gate.reach("pass");
  return { ended };
}

/** A mail that stands at the gate, with nothing said. */
async function beginHeld(notice: Approved): Promise<{ ended: Promise<unknown> }> {
  const before = gate.came;
  return begin(notice, "held", () => expect.poll(() => gate.came, { timeout: 20_000 }).toBe(before + 1));
}

describe("an SMTP server whose connection is reset", { timeout: 60_000 }, () => {
  test("when it had taken the mail leaves a doubt that the copy in the archive settles; no second one leaves", async () => {
    const notice = await approved();
    gate.reach("reset");
    await sendNotice(server.jikim, notice.id);
    gate.reach("pass");
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["in-doubt", 1]);
    await copyIsThere(notice);
    await goOn(notice, 2);
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["sent", 1]);
  });

  test("and that has no archive leaves it to a person, however long", async () => {
    keepCopies("none");
    const notice = await approved();
    gate.reach("reset");
    await sendNotice(server.jikim, notice.id);
    gate.reach("pass");
    await goOn(notice, 12);
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["in-doubt", 1]);
    expect((await readCase(server.app, centre.staff, notice.caseId)).next.act).toBe("settle-doubt");
  });

  test("before the text came through is asked again, once it is sure that nothing arrived", async () => {
    const notice = await approved();
    gate.reach("cut");
    await sendNotice(server.jikim, notice.id);
    gate.reach("pass");
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["in-doubt", 0]);
    await goOn(notice, 3);
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["sent", 1]);
  });
});

describe("a database that is started anew at once", { timeout: 60_000 }, () => {
  test("before the mail server took anything: the mail leaves, once", async () => {
    const notice = await approved();
    const { ended } = await beginHeld(notice);
    await restartDatabase();
    gate.open();
    await ended;
    await goOn(notice, 3);
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["sent", 1]);
  });

  test("after it took the mail still knows that it was handed over, also where commits are written late", async () => {
    const admin = new pg.Client(postgres.admin);
    await admin.connect();
    await admin.query("alter system set wal_writer_delay = '10s'");
    await admin.query("select pg_reload_conf()");
    await admin.end();
    const notice = await approved();
    const taken = () => expect.poll(notice.taken, { timeout: 20_000 }).toBe(1);
    const { ended } = await begin(notice, "answer", taken);
    await restartDatabase();
    expect(await stateOf(notice.id)).toBe("handed-over");
    gate.open();
    await ended;
    await copyIsThere(notice);
    await goOn(notice, 3);
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["sent", 1]);
  });
});

test("two workers that take the same notice at once send it once", { timeout: 60_000 }, async () => {
  const notice = await approved();
  const held = await server.jikim.db.startTransaction().execute();
  await held.selectFrom("cases").select("id").where("id", "=", notice.caseId).forUpdate().execute();
  const sending = Promise.all([sendNotice(server.jikim, notice.id), sendNotice(second, notice.id)]);
  // Both stand before the same door, and one comes in after the other.
  const waiting = async () => {
    const { rows } = await sql`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(server.jikim.db);
    return rows.length;
  };
  await expect.poll(waiting, { timeout: 20_000 }).toBe(2);
  await held.rollback().execute();
  await sending;
  expect([await stateOf(notice.id), await notice.taken()]).toEqual(["sent", 1]);
});

describe("a clock that jumps", { timeout: 60_000 }, () => {
  test("ahead by hours while a mail is held up: who held it lets go of it when another sent it", async () => {
    const notice = await approved();
    const { ended } = await beginHeld(notice);
    await goOn(notice, 3);
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["sent", 1]);
    gate.open();
    await ended;
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["sent", 1]);
  });

  test("back by a day while a mail is held up: it leaves once", async () => {
    const notice = await approved();
    const { ended } = await beginHeld(notice);
    server.pass({ hours: -24 });
    gate.open();
    await ended;
    await goOn(notice, 30);
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["sent", 1]);
  });

  test("back to where it belongs, after it was two months ahead: what was approved meanwhile is not held up so long", async () => {
    const notice = await approved(24 * 60);
    expect(await findDueNotices(server.jikim.db, server.jikim.now(), 500)).toContain(notice.id);
    await goOn(notice, 1);
    expect([await stateOf(notice.id), await notice.taken()]).toEqual(["sent", 1]);
  });
});
