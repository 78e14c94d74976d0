import { locks } from "@jikim/casework";
import type { PackManifest } from "@jikim/evidence/pack";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { findAuthority } from "./authority.ts";
import { findTree } from "./log.ts";
import { findSealEntry } from "./seal.ts";

/** What the server knows of something that is to be nested in a pack. */
export type Exhibit = {
  readonly sealedAt: Temporal.Instant;
  /** SHA-256 of its manifest, in hex. */
  readonly digest: string;
  readonly stampedAt: Temporal.Instant | null;
  readonly logged: { readonly origin: string; readonly index: number } | null;
  /** What stayed of it; of a chat, what she exported. */
  readonly mode: PackManifest["mode"];
  /** Bodies that it kept, each under a seal of its own. */
  readonly media: number;
  /** It may not be opened now: its emergency was not approved in time, or she takes it back. */
  readonly held: "CAPTURE_LOCKED" | "CHAT_LEAVING" | null;
};

type Of = { readonly caseId: string; readonly packId: string; readonly now: Temporal.Instant };

/** A capture of this case that is sealed; null when there is none. */
export async function findCaptured(db: Database, vault: Vault, { caseId, packId, now }: Of): Promise<Exhibit | null> {
  const row = await db
    .selectFrom("seal")
    .innerJoin("capture", "capture.packId", "seal.packId")
    .select([
      "seal.sealedAt",
      "seal.manifest",
      "seal.stampedAt",
      "capture.authorityId",
      "capture.mode",
      "capture.media",
    ])
    .where("seal.packId", "=", packId)
    .where("seal.caseId", "=", caseId)
    .where("capture.state", "=", "sealed")
    .executeTakeFirst();
  if (row === undefined) return null;
  const authority = row.authorityId === null ? null : await findAuthority(db, vault, { caseId, id: row.authorityId });
  return {
    mode: row.mode,
    media: row.media ?? 0,
    sealedAt: row.sealedAt,
    digest: row.manifest.toString("hex"),
    stampedAt: row.stampedAt,
    logged: await placeInLog(db, vault, packId),
    held: locks(authority, now) ? "CAPTURE_LOCKED" : null,
  };
}

/** A chat of this case that was sealed as an exhibit; null when there is none. */
export async function findSealedChat(db: Database, vault: Vault, { caseId, packId }: Of): Promise<Exhibit | null> {
  const row = await db
    .selectFrom("seal")
    .innerJoin("chat", "chat.id", "seal.packId")
    .select(["seal.sealedAt", "seal.manifest", "seal.stampedAt", "chat.leavesAt"])
    .where("seal.packId", "=", packId)
    .where("seal.caseId", "=", caseId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    mode: "export",
    media: 0,
    sealedAt: row.sealedAt,
    digest: row.manifest.toString("hex"),
    stampedAt: row.stampedAt,
    logged: await placeInLog(db, vault, packId),
    held: row.leavesAt === null ? null : "CHAT_LEAVING",
  };
}

/** Ids of the authorities that some exhibits were captured under. */
export async function findAuthoritiesOf(db: Database, packIds: readonly string[]): Promise<string[]> {
  if (packIds.length === 0) return [];
  const rows = await db
    .selectFrom("capture")
    .select("authorityId")
    .distinct()
    .where("packId", "in", packIds)
    .where("authorityId", "is not", null)
    .execute();
  return rows.flatMap(({ authorityId }) => authorityId ?? []);
}

async function placeInLog(db: Database, vault: Vault, packId: string): Promise<Exhibit["logged"]> {
  const [entry, tree] = [await findSealEntry(db, vault, packId), await findTree(db)];
  if (entry === null || entry.position === null || tree?.generation !== entry.generation) return null;
  return { origin: tree.origin, index: entry.position };
}
