import { checkKeptHandover } from "@jikim/casework";
import { keptKeyPath } from "@jikim/evidence/pack";
import type { PackOrder } from "../contract/packs.ts";
import type { InTransaction } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import { recordCustody } from "../store/custody.ts";
import type { Exhibit } from "../store/exhibit.ts";
import { isKeptPath } from "../store/pack.ts";
import type { Doer } from "../store/release.ts";
import type { Vault } from "../vault.ts";

const numberOf = (path: string) => Number(path.split("/")[2]);

/** How many bodies that exhibit `number` kept go along in an order. */
function handedOf({ files }: Pick<PackOrder, "files">, number: number): number {
  return files.filter(({ path }) => isKeptPath(path) && numberOf(path) === number).length;
}

/**
 * Whether an order treats what its captures kept as it must be: all of it left out and named, or, chosen for itself, all of it along with its keys to
 * police or prosecutors. How much a capture kept the server knows from when it was made; nobody's word is taken for it.
 * @throws {Refusal} what `checkKeptHandover` throws. @throws {ServerRefusal} `EXHIBIT_CHANGED`, `BAD_REQUEST`.
 */
export function checkKept(order: PackOrder, exhibits: readonly Exhibit[], minor: boolean): void {
  const { kept, leftOut, files, unit } = order;
  const media = exhibits.reduce((sum, exhibit) => sum + exhibit.media, 0);
  const keys = files.flatMap(({ path }) => (path.startsWith("data/kept-keys/") ? path : []));
  if (kept !== null) checkKeptHandover({ unit: unit.kind, minor, under: kept.under });
  if (kept === null && (keys.length > 0 || files.some(({ path }) => isKeptPath(path)))) refuse("body.files");
  if (kept !== null && (media === 0 || leftOut.length > 0)) refuse("body.kept");
  if (new Set(leftOut.map(({ exhibit, path }) => `${exhibit} ${path}`)).size !== leftOut.length) refuse("body.leftOut");
  if (leftOut.some(({ exhibit }) => exhibit > exhibits.length)) refuse("body.leftOut");
  const wanted = exhibits.flatMap((exhibit, at) => (kept !== null && exhibit.media > 0 ? keptKeyPath(at + 1) : []));
  if (keys.join() !== wanted.join()) refuse("body.files");
  for (const [at, exhibit] of exhibits.entries()) {
    const told = leftOut.filter((each) => each.exhibit === at + 1).length + handedOf(order, at + 1);
    if (told !== exhibit.media) throw new ServerRefusal({ code: "EXHIBIT_CHANGED" });
  }
}

function refuse(field: string): never {
  throw new ServerRefusal({ code: "BAD_REQUEST", field });
}

/** What of the log's note says on what power it went; the words stand in the pack's manifest, whose digest is in the log. */
function powerOf({ ground, authorityId }: PackOrder): string {
  const basis = ground.kind === "law" ? `law ${ground.id}` : ground.kind;
  return authorityId === null ? basis : `${basis}, authority ${authorityId}`;
}

/** Writes down, for each exhibit whose kept bodies go along, that they do and on what. */
export async function recordKeptHanded(
  tx: InTransaction,
  vault: Vault,
  order: PackOrder,
  { caseId, by, at }: { readonly caseId: string; readonly by: Doer; readonly at: Temporal.Instant },
): Promise<void> {
  for (const [index, { packId }] of order.exhibits.entries()) {
    const count = handedOf(order, index + 1);
    const note = `${order.packId}: ${count}, ${powerOf(order)}`;
    if (count > 0) await recordCustody(tx, vault, { packId, caseId, did: "kept-handed", by, at, note });
  }
}
