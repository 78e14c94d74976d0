import { writeCheckpoint, writeNote } from "@jikim/casework";
import { signBytes } from "@jikim/evidence";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import {
  appendToLog,
  beginTree,
  findEdge,
  findTree,
  findWaiting,
  type LogTree,
  lockTree,
  placeEntries,
  saveHead,
  saveTiles,
  sha256,
} from "../store/log.ts";
import { logKeyOf } from "./key.ts";
import { grow } from "./tree.ts";

/** Entries that are placed in one transaction. */
const AT_ONCE = 4096;

/** Begins the log of a centre that has none. */
export async function prepareLog(jikim: Pick<Jikim, "db" | "config" | "now">): Promise<void> {
  if ((await findTree(jikim.db)) !== null) return;
  await beginTree(jikim.db, emptyTree(1, originOf(jikim.config.origin)), jikim.now());
}

/** The log's name: the centre's address without its scheme. */
export function originOf(origin: string): string {
  return `${origin.replace(/^https?:\/\//, "")}/log`;
}

function emptyTree(generation: number, name: string): LogTree {
  const origin = generation === 1 ? name : `${name}/${generation}`;
  return { generation, origin, size: 0, root: Buffer.from(sha256(new Uint8Array())), checkpoint: null };
}

/**
 * Gives what waits its place in the tree, and signs where the tree stands then. One process at a time: another one finds the tree locked
 * and leaves it alone.
 * @returns how many entries were placed.
 */
export async function sequenceLog(jikim: Jikim): Promise<number> {
  let placed = 0;
  for (;;) {
    const now = await jikim.db.transaction().execute((tx) => placeSome(tx, jikim));
    placed += now;
    if (now < AT_ONCE) return placed;
  }
}

async function placeSome(tx: InTransaction, jikim: Jikim): Promise<number> {
  const tree = await lockTree(tx);
  if (tree === null) return 0;
  const waiting = await findWaiting(tx, AT_ONCE);
  if (waiting.length === 0 && tree.checkpoint !== null) return 0;
  const leaves = waiting.map(({ commitment }) => commitment);
  const { size, root, tiles } = grow(tree, await findEdge(tx, tree), leaves);
  await saveTiles(tx, tree.generation, tiles);
  await placeEntries(
    tx,
    tree.generation,
    waiting.map(({ id }, at) => ({ id, position: tree.size + at })),
  );
  await saveHead(tx, { ...tree, size, root, checkpoint: signCheckpoint(jikim, { ...tree, size, root }) });
  return waiting.length;
}

/** Where the tree stands, as a note signed by the centre's service key. */
function signCheckpoint({ service }: Pick<Jikim, "service">, { origin, size, root }: LogTree): string {
  const text = writeCheckpoint({ origin, size, root });
  const { name, id } = logKeyOf(service.public, origin);
  const signature = signBytes(new TextEncoder().encode(text), service.secret);
  return writeNote({ text, signatures: [{ name, id, signature }] });
}

/**
 * Begins the log anew, under another name, because a witness has seen more of it than this database holds: it was restored from before. The
 * first leaf says so and names the log that ended.
 */
export async function beginAnew(jikim: Jikim, lost: { readonly origin: string; readonly seen: number }): Promise<void> {
  await jikim.db.transaction().execute(async (tx) => {
    const tree = await lockTree(tx);
    if (tree === null || tree.origin !== lost.origin) return;
    const now = jikim.now();
    await beginTree(tx, emptyTree(tree.generation + 1, originOf(jikim.config.origin)), now);
    const content = { after: tree.origin, held: tree.size, seenByWitness: lost.seen };
    await appendToLog(tx, jikim.vault, { what: "begun", caseId: null, content }, now);
  });
  await sequenceLog(jikim);
}
