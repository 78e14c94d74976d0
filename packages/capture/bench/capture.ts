import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { runCapture } from "../test/run.ts";
import { openHostileSite, plant } from "../test/site.ts";

const RUNS = 5;

/** An ordinary page: text, a style sheet, a script, forty pictures of a telephone's size. */
async function openOrdinarySite() {
  const noise = (seed: number) =>
    sharp({ create: { width: 1080, height: 1350, channels: 3, background: { r: seed % 255, g: 90, b: 140 } } })
      .composite([
        {
          input: Buffer.from(
            `<svg width="1080" height="1350">${Array.from({ length: 60 }, (_, at) => `<circle cx="${(at * 171 + seed * 37) % 1080}" cy="${(at * 253 + seed * 91) % 1350}" r="${20 + ((at * 13 + seed) % 90)}" fill="hsl(${(at * 47 + seed * 29) % 360} 80% 50%)"/>`).join("")}</svg>`,
          ),
        },
      ])
      .jpeg({ quality: 85 })
      .toBuffer();
  const pictures = await Promise.all(Array.from({ length: 40 }, (_, at) => noise(at)));
  const page = `<!doctype html><title>ordinary</title><link rel=stylesheet href=/s.css><script src=/s.js></script>${pictures
    .map(
      (_, at) =>
        `<article><h2>글 ${at}</h2><p>${"words of an ordinary page. ".repeat(40)}</p><img src=/p/${at}.jpg width=540 loading=${at > 5 ? "lazy" : "eager"}></article>`,
    )
    .join("")}`;
  const site = createServer((request, response) => {
    const at = Number(/^\/p\/(\d+)/.exec(request.url ?? "")?.[1] ?? -1);
    const picture = pictures[at];
    if (picture !== undefined) return response.writeHead(200, { "content-type": "image/jpeg" }).end(picture);
    if (request.url === "/s.css") return response.writeHead(200, { "content-type": "text/css" }).end("p{margin:1em}");
    if (request.url === "/s.js") return response.writeHead(200, { "content-type": "text/javascript" }).end("var x=1;");
    return response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  });
  await new Promise<void>((ready) => site.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(site.address() as AddressInfo).port}/`,
    close: async () => {
      site.closeAllConnections();
      await new Promise((closed) => site.close(closed));
    },
  };
}

/** Proportional memory of all processes that live below us, in bytes (proc(5), smaps_rollup). */
function memoryBelowUs(): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]?.split(" ")[1]));
    } catch {
      // It ended.
    }
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent === process.pid || (parent !== undefined && parent > 1 && isBelow(parent));
  };
  let bytes = 0;
  for (const pid of parents.keys())
    if (isBelow(pid))
      try {
        bytes += 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
      } catch {
        // It ended.
      }
  return bytes;
}

async function measure(name: string, url: string): Promise<void> {
  const seconds: number[] = [];
  let peak = 0;
  for (let run = 0; run < RUNS; run++) {
    const temp = mkdtempSync(join(tmpdir(), "jikim-bench-capture-"));
    const from = performance.now();
    const { status } = await runCapture(temp, { url, allowPrivate: true }, async () => {
      peak = Math.max(peak, memoryBelowUs());
    });
    if (status !== 0) throw new Error(`${name} was not captured`);
    seconds.push((performance.now() - from) / 1000);
    rmSync(temp, { recursive: true, force: true });
  }
  seconds.sort((one, other) => one - other);
  const median = seconds[Math.floor(RUNS / 2)] ?? 0;
  const row = {
    name: `capture ${name}`,
    seconds: round(median),
    slowest: round(seconds.at(-1) ?? 0),
    peakMiB: Math.round(peak / 2 ** 20),
  };
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Seconds from an address to a captured page, and the memory of program and browser together. */
const ordinary = await openOrdinarySite();
await measure("ordinary page, 40 pictures", ordinary.url);
await ordinary.close();
const hostile = await openHostileSite(await plant());
await measure("hostile site", `${hostile.url}/start`);
await hostile.close();
