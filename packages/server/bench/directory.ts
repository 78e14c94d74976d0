import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";
import type { Resolve } from "../src/checks/connect.ts";
import type { Jikim } from "../src/jikim.ts";
import { findHosts } from "../src/places/find.ts";
import { hostOf } from "../src/places/host.ts";
import { resolveHost } from "../src/places/resolve.ts";
import { askForHost, recordHostAnswer } from "../src/store/host-lookup.ts";
import { domain, network } from "../test/rdap-records.ts";

const AT_ONCE = 16;

/** Places whose host and registrar are found in a second: `plain` is the same two questions put by HTTP alone, with nothing else. */
export type DirectoryRates = {
  readonly plain: number;
  readonly asked: number;
  readonly kept: number;
  readonly known: number;
};

/**
 * Measures the search for hosts against a real HTTP server on this machine that is a directory of its own for each domain and
 * network, so that nobody's limit is reached.
 */
export async function measureDirectories(jikim: Jikim, count: number): Promise<DirectoryRates> {
  const { origin, close } = await openDirectory(count);
  const own: Jikim = { ...jikim, config: { ...jikim.config, rdapFiles: `${origin}/iana/` } };
  try {
    const plain = await rate(count, plainly(origin));
    const asked = await rate(count, (at) => resolve(own, domainOf(at), at));
    const kept = await rate(count, (at) => resolve(own, `www.${domainOf(at)}`, at));
    await keepAnswers(own, count);
    const known = await rate(count, async (at) => {
      const { host, asking } = await findHosts(own, { kind: "url", text: `https://${domainOf(at)}/view?no=${at}` });
      if (host === null || asking) throw new Error("what is known was not found");
    });
    return { plain, asked, kept, known };
  } finally {
    await close();
  }
}

async function rate(count: number, act: (at: number) => Promise<void>): Promise<number> {
  let next = 0;
  const start = performance.now();
  const lane = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return (1000 * count) / (performance.now() - start);
}

/** 16 domains and 16 networks have one directory, which stays below what one server is asked in a minute. */
const SHARED = 16;
const domainOf = (at: number) => `d${at}.g${Math.floor(at / SHARED)}`;
const addressOf = (at: number) => `10.${at >> 8}.${at & 255}.7`;

async function resolve(jikim: Jikim, name: string, at: number): Promise<void> {
  // Names of directories lead to this machine, names of places to a network of their own.
  const lookUp: Resolve = async (asked) => [{ address: asked === name ? addressOf(at) : "127.0.0.1", family: 4 }];
  const host = hostOf({ kind: "url", text: `https://${name}/` });
  const { answer } = await resolveHost(jikim, host ?? { kind: "address", address: "10.0.0.1" }, lookUp);
  if (answer.host === null || answer.registrar === null) throw new Error(`nobody was found for ${name}`);
}

async function keepAnswers({ db, vault, now }: Jikim, count: number): Promise<void> {
  const card = { host: null, network: null, registrar: null, silent: [] };
  for (let at = 0; at < count; at++) {
    const host = domainOf(at);
    const { id } = await askForHost(db, vault, host, now());
    const answer = { ...card, host: CARD };
    const task = { id, host, attempts: 0, askedAt: now() };
    await recordHostAnswer(db, vault, task, {
      answer,
      staleAt: now().add({ hours: 24 }),
      nextTryAt: null,
      attempts: 0,
    });
  }
}

const CARD = {
  kind: "host",
  name: { ko: "Invented Hosting", en: "Invented Hosting" },
  registryKey: null,
  jurisdiction: "eu",
  language: "en",
  mail: "abuse@hosting.example",
  form: null,
  api: null,
  xarf: true,
  mostPlaces: 500,
  sameHost: false,
} as const;

function plainly(origin: string): (at: number) => Promise<void> {
  const pool = new Pool(origin, { connections: AT_ONCE });
  return async (at) => {
    for (const path of [`/domain/${domainOf(at)}`, `/ip/${addressOf(at)}`]) {
      const { body } = await pool.request({ method: "GET", path });
      JSON.parse(await body.text());
    }
  };
}

async function openDirectory(count: number): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const { port } = server.address() as AddressInfo;
    response
      .writeHead(200, { "content-type": "application/rdap+json" })
      .end(JSON.stringify(answerTo(path, port, count)));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { origin: `http://127.0.0.1:${port}`, close };
}

function answerTo(path: string, port: number, count: number): object {
  const firsts = Array.from({ length: Math.ceil(count / SHARED) }, (_, group) => group * SHARED);
  const services = (keyOf: (at: number) => string) =>
    firsts.map((at) => [[keyOf(at)], [`http://${keyOf(at).replace(/\W/g, "-")}.directory:${port}/`]]);
  if (path === "/iana/dns.json") return { services: services((at) => domainOf(at).split(".")[1] ?? "") };
  if (path === "/iana/ipv4.json") return { services: services((at) => `10.${at >> 8}.${at & 255}.0/20`) };
  const [, kind, what = ""] = path.split("/");
  if (kind === "domain") return domain(what);
  const block = what.split(".").slice(0, 3).join(".");
  return network([`${block}.0`, `${block}.255`]);
}
