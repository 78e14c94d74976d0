import { locks } from "@jikim/casework";
import type { Selectable } from "kysely";
import type { Capture } from "../contract/captures.ts";
import type { Database, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";
import { findAuthority } from "./authority.ts";
import { openOrder } from "./capture.ts";

type Row = Selectable<Tables["capture"]>;

/** A case's captures, newest first; one of them when it is named. */
export async function findCaptures(
  db: Database,
  vault: Vault,
  of: { readonly caseId: string; readonly id?: string; readonly now: Temporal.Instant },
): Promise<Capture[]> {
  const rows = await db
    .selectFrom("capture")
    .innerJoin("staff", "staff.id", "capture.orderedBy")
    .leftJoin("sealedFile", "sealedFile.id", "capture.packId")
    .leftJoin("seal", "seal.packId", "capture.packId")
    .leftJoin("logEntry", (join) =>
      join
        .onRef("logEntry.packId", "=", "capture.packId")
        .on("logEntry.what", "=", "pack")
        .on("position", "is not", null),
    )
    .selectAll("capture")
    .select(["staff.pseudonym", "sealedFile.bytes", "sealedFile.sha256", "seal.stampedAt", "logEntry.writtenAt"])
    .where("capture.caseId", "=", of.caseId)
    .$if(of.id !== undefined, (one) => one.where("capture.id", "=", of.id ?? ""))
    .orderBy("capture.number", "desc")
    .execute();
  const locked = await findLocking(db, vault, of, rows);
  return rows.map((row) => show(vault, row, row.authorityId !== null && locked.has(row.authorityId)));
}

async function findLocking(
  db: Database,
  vault: Vault,
  { caseId, now }: { readonly caseId: string; readonly now: Temporal.Instant },
  rows: readonly Pick<Row, "authorityId">[],
): Promise<ReadonlySet<string>> {
  const locking = new Set<string>();
  for (const id of new Set(rows.flatMap(({ authorityId }) => authorityId ?? [])))
    if (locks(await findAuthority(db, vault, { caseId, id }), now)) locking.add(id);
  return locking;
}

type Joined = Row & {
  readonly pseudonym: string | null;
  readonly bytes: number | null;
  readonly sha256: Buffer | null;
  readonly stampedAt: Temporal.Instant | null;
  readonly writtenAt: Temporal.Instant | null;
};

function show(vault: Vault, row: Joined, isLocked: boolean): Capture {
  const { id, number, placeId, mode, minor, access, authorityId, kept, media, notStored, gaps } = row;
  const isSealed = row.state === "sealed";
  const hasCounts = kept !== null && media !== null && notStored !== null && gaps !== null;
  return {
    ...{ id, number, placeId, mode, minor, access, authorityId, ...openOrder(vault, row) },
    state: isSealed && isLocked ? "locked" : row.state,
    failure: row.failure as Capture["failure"],
    ...{ orderedBy: row.pseudonym ?? "", orderedAt: row.orderedAt.toString() },
    ...{ startedAt: row.startedAt?.toString() ?? null, endedAt: row.endedAt?.toString() ?? null },
    counts: hasCounts ? { kept, media, notStored, gaps } : null,
    packId: isSealed ? row.packId : null,
    pack:
      isSealed && row.bytes !== null && row.sha256 !== null
        ? { bytes: Number(row.bytes), sha256: row.sha256.toString("hex") }
        : null,
    ...{ stampedAt: row.stampedAt?.toString() ?? null, loggedAt: row.writtenAt?.toString() ?? null },
  };
}
