import { checkReferral, countsAsMinor, locks, Refusal, standingOf } from "@jikim/casework";
import { marksPath, type PackManifest, type ReportMarks } from "@jikim/evidence/pack";
import type { PackOrder } from "../contract/packs.ts";
import type { InTransaction } from "../database.ts";
import type { CaseRow } from "../http/desk/case-guard.ts";
import { ServerRefusal } from "../refusal.ts";
import { findAuthority } from "../store/authority.ts";
import { consentTo, findConsents } from "../store/consent.ts";
import { findMarksAt, isDocumentOf } from "../store/document.ts";
import { type Exhibit, findAuthoritiesOf, findCaptured, findSealedChat } from "../store/exhibit.ts";
import { hasMandate } from "../store/notice-facts.ts";
import type { Pack } from "../store/pack.ts";
import { openCodes } from "../store/sealed.ts";
import type { Vault } from "../vault.ts";
import { checkKept } from "./kept.ts";

/** The case an order is for, locked. */
export type Ordering = {
  readonly tx: InTransaction;
  readonly vault: Vault;
  readonly caseRow: CaseRow;
  readonly now: Temporal.Instant;
};

/** What an order may lean on: looked at now, and again before it is kept. */
export type Allowed = {
  readonly minor: boolean;
  readonly authority: PackManifest["authority"];
  readonly exhibits: readonly Exhibit[];
  readonly marks: readonly ReportMarks[];
};

/**
 * Whether this order may be sealed: her consent or the named ground, the authority, the times, and that every exhibit is what was sealed here and
 * may be opened.
 * @throws {Refusal} what `checkReferral` and `checkKeptHandover` throw; `KEEPING_REFUSED`, `AUTHORITY_OUT_OF_TIME`, `AUTHORITY_LAPSED`. @throws {ServerRefusal}
 * `NOT_FOUND`, `BAD_REQUEST`, `EXHIBIT_CHANGED`, `CAPTURE_LOCKED`, `CHAT_LEAVING`.
 */
export async function checkOrder(ordering: Ordering, order: PackOrder): Promise<Allowed> {
  const { tx, vault, caseRow, now } = ordering;
  const minor = countsAsMinor(openCodes(vault, caseRow).ageBand);
  if (minor && order.mode === "keep-matching") throw new Refusal({ code: "KEEPING_REFUSED" });
  const { ground } = order;
  await checkGround(ordering, order);
  if (ground.kind === "agreed" && !(await isDocumentOf(tx, caseRow.id, ground.documentId)))
    throw new ServerRefusal({ code: "NOT_FOUND" });
  checkTimes(order, now);
  checkPaths(order);
  const exhibits = await findExhibits(ordering, order);
  checkKept(order, exhibits, minor);
  const marks = await findMarks(ordering, order);
  return { minor, authority: await findPower(ordering, order), exhibits, marks };
}

/**
 * Whether a pack that was made may go to its unit now: she may have withdrawn since it was sealed, also with a delay, and an emergency that it or
 * one of its exhibits rests on may have lapsed.
 * @throws {Refusal} what `checkReferral` throws; `AUTHORITY_LAPSED`. @throws {ServerRefusal} `CAPTURE_LOCKED`.
 */
export async function checkPack(ordering: Ordering, { order, authorityId }: Pack): Promise<void> {
  await checkGround(ordering, order);
  const { tx, vault, caseRow, now } = ordering;
  const isLocked = async (id: string) => locks(await findAuthority(tx, vault, { caseId: caseRow.id, id }), now);
  if (authorityId !== null && (await isLocked(authorityId))) throw new Refusal({ code: "AUTHORITY_LAPSED" });
  for (const id of await findAuthoritiesOf(tx, order.exhibits))
    if (await isLocked(id)) throw new ServerRefusal({ code: "CAPTURE_LOCKED" });
}

/** @throws {Refusal} what `checkReferral` throws. */
async function checkGround({ tx, vault, caseRow }: Ordering, order: Pick<PackOrder, "ground" | "unit">): Promise<void> {
  checkReferral({
    ...{ unit: order.unit.kind, basis: order.ground },
    minor: countsAsMinor(openCodes(vault, caseRow).ageBand),
    consent: consentTo("police", await findConsents(tx, caseRow.id)),
    hasMandate: await hasMandate(tx, caseRow.id),
  });
}

function checkTimes({ startedAt, endedAt }: PackOrder, now: Temporal.Instant): void {
  const [start, end] = [Temporal.Instant.from(startedAt), Temporal.Instant.from(endedAt)];
  if (Temporal.Instant.compare(start, end) > 0 || Temporal.Instant.compare(end, now) > 0)
    throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.endedAt" });
}

/** No path twice, and none of an exhibit that is not named. */
function checkPaths({ files, exhibits }: PackOrder): void {
  const inside = files.filter(({ path }) => path.startsWith("data/exhibits/"));
  const numbers = inside.map(({ path }) => Number(path.split("/")[2]));
  const twice = new Set(files.map(({ path }) => path.toLowerCase())).size !== files.length;
  if (twice || numbers.some((number) => number > exhibits.length))
    throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.files" });
}

/** The power that the evidence was taken under: it must have held from the first capture to the last, and not have lapsed since. */
async function findPower(
  { tx, vault, caseRow, now }: Ordering,
  { authorityId, startedAt, endedAt }: PackOrder,
): Promise<PackManifest["authority"]> {
  if (authorityId === null) return null;
  const authority = await findAuthority(tx, vault, { caseId: caseRow.id, id: authorityId });
  if (authority === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  if (standingOf(authority, now) === "lapsed") throw new Refusal({ code: "AUTHORITY_LAPSED" });
  for (const at of [startedAt, endedAt]) {
    const standing = standingOf(authority, Temporal.Instant.from(at));
    if (standing !== "in-force" && standing !== "unapproved") throw new Refusal({ code: "AUTHORITY_OUT_OF_TIME" });
  }
  const { kind, facts, from, until } = authority;
  return {
    ...{ kind, number: facts.number, scope: facts.scope.words || facts.scope.addresses.join(", ").slice(0, 2000) },
    ...{ from: from.toString(), until: until?.toString() ?? null },
    approvedBy: facts.approvedBy ?? facts.office,
  };
}

async function findExhibits({ tx, vault, caseRow, now }: Ordering, { exhibits }: PackOrder): Promise<Exhibit[]> {
  const found: Exhibit[] = [];
  for (const { packId, kind, digest } of exhibits) {
    const of = { caseId: caseRow.id, packId, now };
    const exhibit = kind === "capture" ? await findCaptured(tx, vault, of) : await findSealedChat(tx, vault, of);
    if (exhibit === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    if (exhibit.held !== null) throw new ServerRefusal({ code: exhibit.held });
    if (exhibit.digest !== digest) throw new ServerRefusal({ code: "EXHIBIT_CHANGED" });
    found.push(exhibit);
  }
  return found;
}

/** Marks that she sent, each with its two files and no other. */
async function findMarks({ tx, caseRow }: Ordering, { marks, files }: PackOrder): Promise<ReportMarks[]> {
  const wanted = marks.flatMap((_, at) => [marksPath(at + 1, "json"), marksPath(at + 1, "txt")]);
  const there = files.flatMap(({ path }) => (path.startsWith("data/marks/") ? path : []));
  if (there.join() !== wanted.join()) throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.files" });
  const found: ReportMarks[] = [];
  for (const [at, { documentId, item }] of marks.entries()) {
    const sentAt = await findMarksAt(tx, caseRow.id, documentId);
    if (sentAt === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    found.push({ number: at + 1, item, sentAt: sentAt.toString() });
  }
  return found;
}
