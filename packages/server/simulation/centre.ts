import { newSigningKey } from "@jikim/evidence";
import type { FastifyInstance } from "fastify";
import type pg from "pg";
import { createApp } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import type { desk } from "../src/contract.ts";
import { openDatabase } from "../src/database.ts";
import { call } from "../src/demo/call.ts";
import { prepareCentre } from "../src/first-run.ts";
import { freePort } from "../src/free-port.ts";
import type { Jikim } from "../src/jikim.ts";
import { recordMail } from "../src/mail/intake.ts";
import { openMailReader } from "../src/mail/read-mail.ts";
import { openVault } from "../src/vault.ts";
import { type SeededCentre, type SeededStaff, seedCentre, seedStaff } from "../test/seed.ts";
import type { Agenda } from "./agenda.ts";
import type { World } from "./world.ts";

/** The centre under simulation: the real server, its staff, and the sites that staff told it of. */
export type Centre = {
  readonly jikim: Jikim;
  readonly app: FastifyInstance;
  readonly seeded: SeededCentre;
  readonly caseworkers: readonly SeededStaff[];
  /** Keys of those who read the feed, by operator. */
  readonly keys: ReadonlyMap<string, string>;
  /** Every kind of error that was logged. */
  readonly errors: Map<string, number>;
  /** What the IMAP reader does with a mail after it fetched its bytes; the fetching alone is left out. */
  deliver(source: Buffer): Promise<void>;
  close(): Promise<void>;
};

export type CentreOptions = {
  readonly connection: pg.ClientConfig;
  readonly agenda: Agenda;
  readonly world: World;
  readonly caseworkers: number;
  readonly smtp: string;
  readonly rdapFiles: string;
};

/** Certificates and sessions of the simulation outlive every run: neither is what is measured. */
const SEEDED_AT = Temporal.Instant.from("2090-01-01T00:00:00Z");
const DATA_KEY = Buffer.alloc(32, 7);

export async function openCentre(options: CentreOptions): Promise<Centre> {
  const { connection, agenda, smtp, rdapFiles } = options;
  const port = await freePort();
  const db = openDatabase(connection);
  const service = newSigningKey();
  const config = {
    ...readConfig({}),
    ...{ port, origin: `http://localhost:${port}`, smtp, rdapFiles, mailFrom: "notices@centre.example" },
    ...{ effort: { bits: 0, parts: 2 }, anonymousAMinute: 10_000_000, allowPrivateAddresses: true },
    // Turns at hosts are seconds apart, and the clock of the world goes in minutes.
    hostGapSeconds: 0,
  };
  const now = () => Temporal.Instant.fromEpochMilliseconds(agenda.now());
  const jikim: Jikim = { db, vault: openVault(DATA_KEY), service, config, jobs: agenda.jobs, now };
  await prepareCentre(db, jikim.vault, { dataKey: DATA_KEY, service, fresh: false, folder: "/nonexistent" });
  const seeding = { ...jikim, now: () => SEEDED_AT };
  const seeded = await seedCentre(seeding);
  const wanted = Array.from({ length: options.caseworkers }, (_, at) => ({
    ...{ pseudonym: `상담 ${at + 2}`, roles: ["caseworker"] as const, root: seeded.root },
  }));
  const caseworkers: SeededStaff[] = [];
  for (const one of wanted) caseworkers.push(await seedStaff(seeding, one));
  const errors = new Map<string, number>();
  const say = (line: Readonly<Record<string, unknown>>) => {
    if (line.level === "error") errors.set(JSON.stringify(line), (errors.get(JSON.stringify(line)) ?? 0) + 1);
  };
  const app = await createApp(jikim, { say });
  app.server.keepAliveTimeout = 600_000;
  await app.listen({ host: "localhost", port });
  const keys = await tellOfSites(config.origin, seeded, options.world);
  const reader = openMailReader();
  let uid = 0;
  return {
    ...{ jikim, app, seeded, caseworkers, keys, errors },
    async deliver(source) {
      const place = { mailboxKey: Buffer.from("simulated mailbox"), uid: ++uid };
      if ((await recordMail(jikim, await reader.read(source), place)) !== "recorded")
        throw new Error("a mail was lost");
    },
    async close() {
      await reader.close();
      await app.close();
      await db.destroy();
    },
  };
}

/** The admin enters the sites whose operators are known, as a centre does that has written to them before. */
async function tellOfSites(
  origin: string,
  { admin }: SeededCentre,
  world: World,
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  for (const { host, site } of world.sites) {
    if (site === null) continue;
    const feed = site.way === "feed";
    const body = {
      ...{ name: `지어낸 사이트 ${site.key}`, hosts: [host], mail: feed ? null : site.mail, language: "en" },
      api: feed ? { expiresAt: SEEDED_AT.toString() } : null,
    };
    const { cookie } = admin.headers;
    const { json } = await call<desk.PlatformCreated>(origin, { path: "/api/desk/platforms", cookie, body });
    if (json.key !== null) keys.set(site.key, json.key);
  }
  return keys;
}
