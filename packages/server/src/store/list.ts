import type { Signed } from "@jikim/evidence";
import type { Entry, ErasedChange } from "@jikim/sdk/wire";
import type { Database, InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { extendChain, type Head, type Link, type Step } from "../list/chain.ts";
import type { Vault } from "../vault.ts";
import { appendToLog } from "./log.ts";

/** Rows of one insert: seven values each, and Postgres takes 65,535. */
const ROWS = 1000;
const ERASED = Buffer.alloc(0);

type Chained = Pick<Jikim, "vault" | "service">;

/** Puts entries on the list, or puts them anew (a put in force for the same entry ends). */
export async function putOnList(
  tx: InTransaction,
  jikim: Chained,
  entries: readonly Entry[],
  now: Temporal.Instant,
): Promise<void> {
  await chain(
    tx,
    jikim,
    entries.map((entry) => ({ entryId: entry.id, change: { kind: "put", entry } })),
    now,
  );
}

/** Takes entries off the list; one that is not on it is left alone. */
export async function takeOffList(
  tx: InTransaction,
  jikim: Chained,
  entryIds: readonly string[],
  now: Temporal.Instant,
): Promise<void> {
  await chain(
    tx,
    jikim,
    entryIds.map((entryId) => ({ entryId, change: { kind: "withdraw", entryId } })),
    now,
  );
}

type Wanted = { readonly entryId: string; readonly change: Step["change"] };

/** The head's row is locked until the transaction ends: changes are numbered without a gap, one after the other. */
async function chain(
  tx: InTransaction,
  { vault, service }: Chained,
  wanted: readonly Wanted[],
  now: Temporal.Instant,
): Promise<void> {
  if (wanted.length === 0) return;
  const at = now.toString();
  let head: Head = await tx
    .selectFrom("listHead")
    .selectAll()
    .where("id", "=", 1)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const inForce = await putsInForce(
    tx,
    wanted.map(({ entryId }) => entryId),
  );
  const links: (Link & Wanted)[] = [];
  for (const { entryId, change } of wanted) {
    const ends = inForce.get(entryId) ?? null;
    if (change.kind === "withdraw" && ends === null) continue;
    const next = extendChain(head, { change, ends }, { at, secret: service.secret });
    head = next.head;
    links.push({ ...next.link, entryId, change });
  }
  await erase(tx, [...inForce.keys()]);
  await insertLinks(tx, vault, links, at);
  const { number, digest, active, sum } = head;
  await tx.updateTable("listHead").set({ number, digest, active, sum }).where("id", "=", 1).execute();
  // Changes are chained: the last one's digest stands for all of them.
  if (links.length > 0)
    await appendToLog(
      tx,
      vault,
      { what: "list-change", caseId: null, content: { number, digest: digest.toString("hex") } },
      now,
    );
}

async function putsInForce(tx: InTransaction, entryIds: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const rows = await tx
    .selectFrom("listChange")
    .select(["entryId", "digest"])
    .where("entryId", "=", (any) => any.fn.any(any.val([...entryIds])))
    .where("inForce", "=", true)
    .execute();
  return new Map(rows.map((row) => [row.entryId, row.digest]));
}

/** The text of a put that is over goes; its number and digest stay. */
async function erase(tx: InTransaction, entryIds: readonly string[]): Promise<void> {
  if (entryIds.length === 0) return;
  await tx
    .updateTable("listChange")
    .set({ inForce: false, payloadSealed: ERASED })
    .where("entryId", "=", (any) => any.fn.any(any.val([...entryIds])))
    .where("inForce", "=", true)
    .execute();
}

async function insertLinks(
  tx: InTransaction,
  vault: Vault,
  links: readonly (Link & Wanted)[],
  at: string,
): Promise<void> {
  const rows = links.map(({ number, entryId, change, signed, digest }) => ({
    number,
    entryId,
    kind: change.kind,
    payloadSealed: vault.seal(signed.payload, contextOf(number)),
    signature: signed.signature,
    digest,
    inForce: change.kind === "put",
    changedAt: at,
  }));
  for (let from = 0; from < rows.length; from += ROWS)
    await tx
      .insertInto("listChange")
      .values(rows.slice(from, from + ROWS))
      .execute();
}

/** A page of the list and the head it belongs to, read at one moment. `certificate` is null before set-up. */
export type ListPage<T> = { readonly head: Head; readonly certificate: Signed | null; readonly rows: readonly T[] };

type StoredChange = { readonly number: number; readonly payloadSealed: Buffer; readonly signature: string };

/** Signed puts in force after a number, in order. */
export function findPuts(
  db: Database,
  vault: Vault,
  page: { readonly after: number; readonly limit: number },
): Promise<ListPage<Signed & { readonly number: number }>> {
  return readAtOnce(db, async (tx) => {
    const rows = await tx
      .selectFrom("listChange")
      .select(["number", "payloadSealed", "signature"])
      .where("inForce", "=", true)
      .where("number", ">", page.after)
      .orderBy("number")
      .limit(page.limit)
      .execute();
    return rows.map((row) => ({ number: row.number, ...openChange(vault, row) }));
  });
}

/** Every change after a number, in order; puts that are over come as number and digest. */
export function findChanges(
  db: Database,
  vault: Vault,
  page: { readonly after: number; readonly limit: number },
): Promise<ListPage<Signed | ErasedChange>> {
  return readAtOnce(db, async (tx) => {
    const rows = await tx
      .selectFrom("listChange")
      .select(["number", "payloadSealed", "signature", "digest"])
      .where("number", ">", page.after)
      .orderBy("number")
      .limit(page.limit)
      .execute();
    return rows.map((row) =>
      row.payloadSealed.length === 0
        ? { number: row.number, digest: row.digest.toString("hex") }
        : openChange(vault, row),
    );
  });
}

/** One snapshot of the database: a head that does not fit its changes would look like a forged list. */
function readAtOnce<T>(db: Database, read: (tx: InTransaction) => Promise<readonly T[]>): Promise<ListPage<T>> {
  return db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (tx) => {
      const head = await tx
        .selectFrom("listHead")
        .leftJoin("centre", "centre.id", "listHead.id")
        .select(["listHead.number", "digest", "active", "sum", "serviceCertificate as certificate"])
        .where("listHead.id", "=", 1)
        .executeTakeFirstOrThrow();
      return { head, certificate: head.certificate, rows: await read(tx) };
    });
}

function openChange(vault: Vault, row: StoredChange): Signed {
  return { payload: vault.open(row.payloadSealed, contextOf(row.number)) as string, signature: row.signature };
}

function contextOf(number: number): string {
  return `list_change/payload/${number}`;
}
