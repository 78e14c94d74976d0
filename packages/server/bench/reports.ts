import { randomBytes, randomUUID } from "node:crypto";
import { Pool } from "undici";
import type { portal } from "../src/contract.ts";
import { call } from "../src/demo/call.ts";
import { drawing, inventedCases } from "../src/demo/invented.ts";
import { makeEffort, prepareReport } from "../src/demo/survivor.ts";
import type { Hosted } from "./hosted.ts";
import { queueRows } from "./queue-rows.ts";
import { printRow, quantile } from "./row.ts";

const AT_ONCE = 16;

/** Reports through the public route, effort solved beforehand; every receipt is counted again in the desk's lanes. */
export async function benchReports(host: Hosted, cookie: string, count: number): Promise<void> {
  const bodies = await prepareBodies(host.origin, count);
  const pool = new Pool(host.origin, { connections: AT_ONCE });
  const before = (await queueRows(host.origin, cookie)).length;
  const times: number[] = [];
  const start = performance.now();
  const lane = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
      const sent = performance.now();
      const headers = { "content-type": "application/json", origin: host.origin };
      const answer = await pool.request({ method: "POST", path: "/api/reports", headers, body });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) throw new Error(`a report was refused: ${answer.statusCode} ${text}`);
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const seconds = (performance.now() - start) / 1000;
  await pool.close();
  const { perSecond = Number.NaN } = await host.ask(`commits ${count}`);
  printRow({ name: "reports-accepted", value: count / seconds, unit: "1/s", baseline: perSecond });
  printRow({ name: "reports-p50", value: quantile(times, 0.5), unit: "ms", baseline: null });
  printRow({ name: "reports-p99", value: quantile(times, 0.99), unit: "ms", baseline: null });
  const lost = count - ((await queueRows(host.origin, cookie)).length - before);
  printRow({ name: "reports-lost", value: lost, unit: "reports", baseline: null });
}

/** Sealing is the phone's work: a few reports are sealed, and each body gets its own ids, token and solved challenge. */
async function prepareBodies(origin: string, count: number): Promise<string[]> {
  const { json: centre } = await call<portal.Centre>(origin, { path: "/api/centre" });
  const told = inventedCases("http://board.example", drawing(1)).slice(0, 6);
  const sealed = await Promise.all(told.map((each) => prepareReport(centre, each.told)));
  const bodies: string[] = [];
  for (let at = 0; at < count; at++) {
    const report = sealed[at % sealed.length]?.report;
    if (report === undefined) throw new Error("no report was sealed");
    const documents = report.documents.map((document) => ({ ...document, id: randomUUID() }));
    const own = { submissionId: randomUUID(), token: randomBytes(32).toString("base64url"), documents };
    bodies.push(JSON.stringify({ ...report, ...own, effort: await makeEffort(origin) }));
  }
  return bodies;
}
