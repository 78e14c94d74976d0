import { sql } from "kysely";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";

/** Equal hosts have equal keys; a host's name tells a place. */
export function keyOfHost(vault: Vault, host: string): Buffer {
  return vault.keyOf(host, "host_pace/host");
}

/**
 * Takes the next free turn at a host, after every turn that was taken before, by whichever process: the row decides.
 * @returns when the turn is; not before `now`.
 */
export async function takeTurn(
  db: Database,
  hostKey: Buffer,
  { now, gapSeconds }: { readonly now: Temporal.Instant; readonly gapSeconds: number },
): Promise<Temporal.Instant> {
  const gap = sql`make_interval(secs => ${gapSeconds}::double precision)`;
  const from = sql`${now.toString()}::timestamptz`;
  const { rows } = await sql<{ turnAt: Temporal.Instant }>`
    insert into host_pace as pace (host_key, next_at) values (${hostKey}, ${from} + ${gap})
    on conflict (host_key) do update set next_at = greatest(pace.next_at, ${from}) + ${gap}
    returning next_at - ${gap} as turn_at`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error("a turn was neither made nor found");
  return row.turnAt;
}

/** A host's robots.txt as it was read: its text, that it has none, or that it could not be had. */
export type RobotsFile = { readonly kind: "text"; readonly text: string } | { readonly kind: "none" | "unknown" };

export async function findRobots(
  db: Database,
  vault: Vault,
  hostKey: Buffer,
): Promise<{ readonly file: RobotsFile; readonly at: Temporal.Instant } | null> {
  const row = await db
    .selectFrom("hostPace")
    .select(["robotsSealed", "robotsAt"])
    .where("hostKey", "=", hostKey)
    .executeTakeFirst();
  if (!row?.robotsSealed || !row.robotsAt) return null;
  return { file: vault.open(row.robotsSealed, contextOf(hostKey)) as RobotsFile, at: row.robotsAt };
}

export async function saveRobots(
  db: Database,
  vault: Vault,
  of: { readonly hostKey: Buffer; readonly file: RobotsFile },
  now: Temporal.Instant,
): Promise<void> {
  const said = { robotsSealed: vault.seal(of.file, contextOf(of.hostKey)), robotsAt: now.toString() };
  await db
    .insertInto("hostPace")
    .values({ hostKey: of.hostKey, nextAt: now.toString(), ...said })
    .onConflict((conflict) => conflict.column("hostKey").doUpdateSet(said))
    .execute();
}

function contextOf(hostKey: Buffer): string {
  return `host_pace/robots/${hostKey.toString("hex")}`;
}

const KEPT_DAYS = 30;

/** Forgets hosts that nobody asked for long. */
export async function forgetPaces(db: Database, now: Temporal.Instant): Promise<void> {
  await db
    .deleteFrom("hostPace")
    .where("nextAt", "<", now.subtract({ hours: KEPT_DAYS * 24 }))
    .execute();
}
