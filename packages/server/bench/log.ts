import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { startJikim } from "../src/index.ts";
import { openProving, proveEntry } from "../src/log/proof.ts";
import { sequenceLog } from "../src/log/sequence.ts";
import { appendToLog } from "../src/store/log.ts";
import { printRow, quantile } from "./row.ts";

const PROOFS = 500;
const AT_ONCE = 50_000;
const SENDERS = 8;

/**
 * The log: entries placed and sealed a second, with fsync, until there are `count`; the proof of any one of them; and acts a
 * second that each append one, beside as many plain committed rows.
 */
export async function benchLog(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "jikim-bench-log-"));
  const config = { port: 0, effort: { bits: 2, parts: 2 }, anonymousAMinute: 10_000_000 };
  const running = await startJikim({ folder, config });
  const { jikim } = running;
  try {
    let seconds = 0;
    for (let done = 0; done < count; done += AT_ONCE) {
      const waiting = Math.min(AT_ONCE, count - done);
      await sql`insert into log_entry (what, commitment, written_at)
        select 'custody', sha256((at + ${done})::text::bytea), now() from generate_series(1, ${waiting}) as at`.execute(
        jikim.db,
      );
      const began = performance.now();
      await sequenceLog(jikim);
      seconds += (performance.now() - began) / 1000;
    }
    printRow({ name: `log-placed-${count}`, value: count / seconds, unit: "entries/s", baseline: null });
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
    const entry = { what: "custody", caseId: null, content: { act: "bench" } } as const;
    const acts = await rate(() => appendToLog(jikim.db, jikim.vault, entry, jikim.now()));
    const plain = await rate(() =>
      sql`insert into spent_effort values (gen_random_uuid()::text::bytea, now())`.execute(jikim.db),
    );
    printRow({ name: "log-acts", value: acts, unit: "commits/s", baseline: plain });
  } finally {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
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
