import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Resolve } from "../src/checks/connect.ts";
import type { desk } from "../src/contract.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { sendNotice } from "../src/notices/send.ts";
import { lookUpHost } from "../src/places/find.ts";
import { findDueNotices } from "../src/store/delivery.ts";
import { approveAll, draftFirst, findRoutes, tellRecipient } from "./asking.ts";
import { type AwsServer, openAws } from "./aws-server.ts";
import type { Answer } from "./channel-server.ts";
import { type CloudflareServer, openCloudflare } from "./cloudflare-server.ts";
import { did, openCase, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { bootstrap, openRegistries, type Registries } from "./registries.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let registries: Registries;
let cloudflare: CloudflareServer;
let aws: AwsServer;
let server: TestJikim;
let centre: SeededCentre;
let worker: ChildProcess | undefined;
/** What a service does once it has filed a report. */
let then: (answer: Answer) => Answer | null = (answer) => answer;

beforeAll(async () => {
  registries = await openRegistries();
  registries.says = bootstrap(registries.origin);
  cloudflare = await openCloudflare(
    (answer) => then(answer),
    () => server.jikim.now(),
  );
  aws = await openAws((answer) => then(answer));
  server = await openTestJikim({
    ...{ allowPrivateAddresses: true, rdapFiles: `${registries.origin}/iana/` },
    channels: { cloudflare: accessOf(cloudflare), aws: keysOf(aws) },
  });
  centre = await seedCentre(server.jikim);
  // The clock is moved by hours here, and nobody signs in anew.
  const expiresAt = server.jikim.now().add({ hours: 10_000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
beforeEach(() => {
  then = (answer) => answer;
  cloudflare.filed.length = 0;
  aws.filed.length = 0;
});
afterEach(async () => {
  worker?.kill("SIGKILL");
  await server.jikim.db.updateTable("notice").set({ remindAt: null }).execute();
});
afterAll(async () => {
  await server?.close();
  for (const one of [cloudflare, aws, registries]) await one?.close();
});

const accessOf = ({ base, account, token }: CloudflareServer) => ({ base, account, token });
const keysOf = ({ base, region, accessKeyId, secretAccessKey }: AwsServer) => ({
  ...{ base, region, accessKeyId, secretAccessKey },
});

/** The services, how many reports about a host each holds, and an address of its published ranges. */
const SERVICES = {
  cloudflare: {
    address: "104.16.0.7",
    reports: () => cloudflare.filed.map(({ report }) => report.urls),
    unfile: () => cloudflare.filed.pop(),
    refusal: { status: 400, json: { result: "error", error_code: "abuse-1001" } },
  },
  aws: {
    address: "13.32.0.7",
    reports: () => aws.filed.map(({ xarf }) => String("url" in xarf ? xarf.url : "")),
    unfile: () => aws.filed.pop(),
    refusal: { status: 400, headers: { "x-amzn-errortype": "ValidationException" } },
  },
} as const;
type Service = keyof typeof SERVICES;
const BOTH = ["cloudflare", "aws"] as const;

let number = 0;

/** A case whose place is carried by a service; its site is run by whoever threatens her. */
async function draftAbout(service: Service) {
  const host = `site-${++number}.example`;
  const url = `https://${host}/p/1`;
  const site = await tellRecipient(server.app, centre.staff, {
    ...{ hosts: [host], mail: `owner@${host}`, hostile: true },
  });
  const { caseId } = await openCase(server, centre, { places: [{ kind: "url", text: url }] });
  await findRoutes(server.app, centre.staff, caseId);
  const resolve: Resolve = async () => [{ address: SERVICES[service].address, family: 4 }];
  const due = await server.jikim.db.selectFrom("hostLookup").select("id").where("nextTryAt", "is not", null).execute();
  for (const { id } of due) await lookUpHost(server.jikim, id, resolve);
  const routes = await findRoutes(server.app, centre.staff, caseId);
  const rung = routes.flatMap(({ rungs }) => rungs).find(({ ways }) => ways.includes(service));
  const { notices } = await draftFirst(server.app, centre.staff, caseId);
  const notice = notices.find(({ recipient }) => recipient.id === rung?.recipient.id);
  if (notice === undefined) throw new Error("nothing was drafted");
  return { caseId, host, url, site, notice, others: notices.filter((one) => one !== notice) };
}

async function approveAbout(service: Service) {
  const drafted = await draftAbout(service);
  await did(approveAll(server.app, centre.staff, [drafted.notice]));
  return { ...drafted, id: drafted.notice.id };
}

/** What the desk shows of a notice. */
async function noticeOf({ caseId, id }: { readonly caseId: string; readonly id: string }): Promise<desk.Notice> {
  const notice = (await readCase(server.app, centre.staff, caseId)).notices.find((one) => one.id === id);
  if (notice === undefined) throw new Error("it is not in the case");
  return notice;
}

const stateOf = async (id: string) =>
  (await server.jikim.db.selectFrom("delivery").select("state").where("noticeId", "=", id).executeTakeFirst())?.state;

/** What the next worker does as time goes by. */
async function carryOn(id: string, hours: number): Promise<void> {
  for (let minutes = 0; minutes < hours * 60; minutes += 4) {
    server.pass({ minutes: 4 });
    await sweep(server.jikim);
    if ((await findDueNotices(server.jikim.db, server.jikim.now(), 500)).includes(id))
      await sendNotice(server.jikim, id);
  }
}

/** The real worker, as a process of its own. */
function startWorker(channels: TestJikim["jikim"]["config"]["channels"]): ChildProcess {
  const { connection } = server.database;
  const { service, config } = server.jikim;
  const at = server.jikim.now().toString();
  worker = spawn(process.execPath, [join(import.meta.dirname, "worker.ts")], {
    env: { ...process.env, WORKER: JSON.stringify({ connection, service, config: { ...config, channels }, at }) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return worker;
}

describe.each(BOTH)("an approved notice to %s", (service) => {
  const { reports, unfile, refusal } = SERVICES[service];

  test("is one report there, however often it is sent, and the ledger says when it left", async () => {
    const approved = await approveAbout(service);
    await Promise.all([sendNotice(server.jikim, approved.id), sendNotice(server.jikim, approved.id)]);
    await sendNotice(server.jikim, approved.id);
    expect(reports()).toEqual([approved.url]);
    const notice = await noticeOf(approved);
    expect(notice).toMatchObject({ state: "sent", deliveries: [{ channel: service, state: "sent" }] });
    expect(notice.sentAt).not.toBeNull();
    expect((await readCase(server.app, centre.staff, approved.caseId)).places[0]?.state).toBe("asked");
  });

  test("that is refused is shown as not sent, and is not tried again", async () => {
    then = () => {
      unfile();
      return refusal;
    };
    const approved = await approveAbout(service);
    await sendNotice(server.jikim, approved.id);
    then = (answer) => answer;
    await carryOn(approved.id, 1);
    expect(reports()).toEqual([]);
    const notice = await noticeOf(approved);
    expect(notice).toMatchObject({ sentAt: null, deliveries: [{ channel: service, state: "failed" }] });
    expect(notice.state).toBe("stopped");
    expect((await readCase(server.app, centre.staff, approved.caseId)).places[0]?.state).toBe("open");
  });

  test("that has no time is asked again later, once", async () => {
    then = () => {
      unfile();
      return { status: 429 };
    };
    const approved = await approveAbout(service);
    await sendNotice(server.jikim, approved.id);
    expect(await stateOf(approved.id)).toBe("pending");
    then = (answer) => answer;
    await carryOn(approved.id, 1);
    expect([reports(), await stateOf(approved.id)]).toEqual([[approved.url], "sent"]);
  });

  test("whose worker is killed when the report was taken is not doubled", { timeout: 60_000 }, async () => {
    const approved = await approveAbout(service);
    const running = startWorker(server.jikim.config.channels);
    const gone = once(running, "exit");
    then = () => {
      running.kill("SIGKILL");
      return null;
    };
    await gone;
    expect([reports(), await stateOf(approved.id)]).toEqual([[approved.url], "handed-over"]);
    then = (answer) => answer;
    await carryOn(approved.id, 2);
    expect([reports(), await stateOf(approved.id)]).toEqual([[approved.url], "sent"]);
  });

  test("whose worker is killed before anything was taken is not lost", { timeout: 60_000 }, async () => {
    const approved = await approveAbout(service);
    const silent = await openSilence();
    const running = startWorker({
      cloudflare: { ...accessOf(cloudflare), base: silent.base },
      aws: { ...keysOf(aws), base: silent.base },
    });
    await expect.poll(() => stateOf(approved.id), { timeout: 20_000 }).toBe("handed-over");
    const gone = once(running, "exit");
    running.kill("SIGKILL");
    await gone;
    await silent.close();
    await carryOn(approved.id, 2);
    expect([reports(), await stateOf(approved.id)]).toEqual([[approved.url], "sent"]);
  });
});

test("of a site whose operator is the threat Cloudflare is told, and told to say nothing to him; nobody else is", async () => {
  const { site, host, url, others, caseId, id } = await approveAbout("cloudflare");
  await sendNotice(server.jikim, id);
  const [filed] = cloudflare.filed;
  // The documented values: the owner can be left out, the host only be told without a name.
  expect(filed?.report).toMatchObject({ owner_notification: "none", host_notification: "send-anon", urls: url });
  expect(filed?.report.ncsei_subject_representation).toBe(false);
  expect(JSON.stringify(filed?.report)).not.toContain(`owner@${host}`);
  expect(others.map(({ recipient }) => recipient.id)).not.toContain(site.id);
  const { notices } = await readCase(server.app, centre.staff, caseId);
  expect(notices.map(({ recipient }) => recipient.id)).not.toContain(site.id);
});

/** Takes connections and says nothing. */
async function openSilence() {
  const sockets = new Set<Socket>();
  const made = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
  });
  await new Promise<void>((ready) => made.listen(0, "127.0.0.1", ready));
  return {
    base: `http://127.0.0.1:${(made.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => made.close(closed));
    },
  };
}
