import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { sealManifest, writePack } from "../src/pack/index.ts";
import { certificate, FACTS, service } from "../test/packing.ts";

type NodeStream = Parameters<typeof Readable.fromWeb>[0];

// Seconds that `jikim verify` takes for a pack of so many megabytes, with the start of the program; a JSON line. Goal: 500 MB in 10 s.
const MEGABYTES = Number(process.argv[2] ?? 500);
const CHUNK = 1 << 20;

const noise = new Uint8Array(CHUNK);
for (let at = 0; at < CHUNK; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));

function part(path: string, megabytes: number) {
  return {
    path,
    type: "application/wacz",
    async *read() {
      for (let at = 0; at < megabytes; at++) yield noise;
    },
  };
}

const folder = await mkdtemp(join(tmpdir(), "jikim-bench-"));
try {
  const identity = await generateX25519Identity();
  const parts = [part("data/capture.wacz", MEGABYTES - 10), part("data/record.json", 10)];
  const sealed = await sealManifest({ ...FACTS, sealedAt: new Date().toISOString() }, parts, {
    ...service,
    certificate,
  });
  const vouching = { timestamp: null, log: null };
  const pack = await writePack(sealed, vouching, { parts, recipients: [await identityToRecipient(identity)] });
  await pipeline(Readable.fromWeb(pack as NodeStream), createWriteStream(join(folder, "pack.age")));
  await writeFile(join(folder, "key.txt"), `${identity}\n`);
  const main = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url));
  const began = performance.now();
  const words = [main, "verify", join(folder, "pack.age"), "--identity", join(folder, "key.txt"), "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, words).catch((error: { stdout: string }) => error);
  const seconds = (performance.now() - began) / 1000;
  const altered = stdout.split("\n").filter((line) => line.includes('"fails"')).length;
  const { size } = await stat(join(folder, "pack.age"));
  const row = { name: `verify ${MEGABYTES} MB`, value: Number(seconds.toPrecision(3)), unit: "s", goal: 10 };
  process.stdout.write(`${JSON.stringify({ ...row, MBs: Math.round(size / 1e6 / seconds), failed: altered })}\n`);
} finally {
  await rm(folder, { recursive: true });
}
