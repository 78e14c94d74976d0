import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { startJikim } from "../src/index.ts";
import type { Jikim } from "../src/jikim.ts";
import { openProving, proveEntry } from "../src/log/proof.ts";
import { sequenceLog } from "../src/log/sequence.ts";
import { appendToLog } from "../src/store/log.ts";
import { printRow, quantile } from "./row.ts";

const PROOFS = 500;
const AT_ONCE = 50_000;
const SENDERS = 8;
const A_TRANSACTION = 500;

/**
 * The log: entries written under the data key and placed a second, with fsync, until there are `count`; the placing alone; the proof of any
 * one of them; and acts a second that each append one, beside as many plain committed rows.
 */
export async function benchLog(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "jikim-bench-log-"));
  const config = { port: 0, effort: { bits: 2, parts: 2 }, anonymousAMinute: 10_000_000 };
  const running = await startJikim({ folder, config });
  const { jikim } = running;
  try {
    let [written, placed] = [0, 0];
    for (let done = 0; done < count; done += AT_ONCE) {
      const began = performance.now();
      await write(jikim, Math.min(AT_ONCE, count - done));
      const waiting = performance.now();
      await sequenceLog(jikim);
      written += (waiting - began) / 1000;
      placed += (performance.now() - waiting) / 1000;
    }
    const appended = count / (written + placed);
    printRow({ name: `log-appended-${count}`, value: appended, unit: "entries/s", baseline: null });
    printRow({ name: `log-placed-${count}`, value: count / placed, unit: "entries/s", baseline: null });
    const proving = await openProving(jikim.db);
    if (proving === null) throw new Error("no checkpoint");
    const times: number[] = [];
    for (let at = 0; at < PROOFS; at++) {
      const began = performance.now();
      await proveEntry(jikim.db, proving, Math.floor((at * proving.size) / PROOFS));
      times.push(performance.now() - began);
    }
    printRow({ name: "log-proof-p50", value: quantile(times, 0.5), unit: "ms", baseline: null });
    printRow({ name: "log-proof-p99", value: quantile(times, 0.99), unit: "ms", baseline: null });
    const acts = await rate(() => appendToLog(jikim.db, jikim.vault, custody(), jikim.now()));
    const plain = await rate(() =>
      sql`insert into spent_effort values (gen_random_uuid()::text::bytea, now())`.execute(jikim.db),
    );
    printRow({ name: "log-acts", value: acts, unit: "commits/s", baseline: plain });
  } finally {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Entries as acts write them, sealed, some hundreds to a transaction and a few transactions at once. */
async function write({ db, vault, now }: Jikim, count: number): Promise<void> {
  let left = count;
  const send = async () => {
    while (left > 0) {
      const some = Math.min(A_TRANSACTION, left);
      left -= some;
      await db.transaction().execute(async (tx) => {
        for (let at = 0; at < some; at++) await appendToLog(tx, vault, custody(), now());
      });
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
}

/** As much as an entry about a pack says. */
function custody() {
  const [packId, caseId] = [randomUUID(), randomUUID()];
  const content = { v: 1, packId, did: "opened", role: "caseworker", who: "bench", note: "an invented note of a line" };
  return { what: "custody", caseId, packId, content } as const;
}

/** Commits a second by a few senders at once. */
async function rate(act: () => Promise<unknown>): Promise<number> {
  const each = 500;
  const began = performance.now();
  const send = async () => {
    for (let at = 0; at < each; at++) await act();
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  return (SENDERS * each) / ((performance.now() - began) / 1000);
}
