import { type PackManifest, signManifest } from "@jikim/evidence/pack";
import type { PackOrder, SealedPack } from "../contract/packs.ts";
import type { Jikim } from "../jikim.ts";
import { stampSoon } from "../jobs/queue.ts";
import type { Printer } from "../letters/printer.ts";
import { ServerRefusal } from "../refusal.ts";
import { type CentreRow, findCentre } from "../store/centre.ts";
import { recordCustody } from "../store/custody.ts";
import { digestOfOrder, findAnswer, findCaseOfPack, findLastPackFor, insertPack, lockPack } from "../store/pack.ts";
import type { Doer } from "../store/release.ts";
import { findClockOff, recordSeal } from "../store/seal.ts";
import { agreedToHandOver } from "./agreed.ts";
import { type Allowed, checkOrder, type Ordering } from "./check.ts";
import { recordKeptHanded } from "./kept.ts";
import { type Added, digested, findCustodyFile, findReportFacts, makeReports } from "./report.ts";

/** What signs here. */
export const TOOL = { name: "jikim", version: "0.1.0", settings: null };

/** What somebody orders, and who. */
export type Ordered = { readonly order: PackOrder; readonly by: Doer; readonly staffId: string };

/** The same order again is answered as before; null when there is none. @throws {ServerRefusal} `ID_TAKEN`, `PACK_SEALED`, `PACK_ENDED`. */
async function findBefore({ tx, vault, caseRow }: Ordering, order: PackOrder): Promise<SealedPack | null> {
  const before = await lockPack(tx, vault, order.packId);
  if (before === null) {
    if ((await findCaseOfPack(tx, order.packId)) !== null) throw new ServerRefusal({ code: "ID_TAKEN" });
    return null;
  }
  const same = before.caseId === caseRow.id && before.order.digest === digestOfOrder(order);
  if (!same) throw new ServerRefusal({ code: "ID_TAKEN" });
  const answer = await findAnswer(tx, vault, order.packId);
  if (answer !== null) return answer;
  throw new ServerRefusal({ code: before.state === "sealed" ? "PACK_SEALED" : "PACK_ENDED" });
}

/** What the answer is made of, gathered in one transaction; printing takes seconds, and the case is not locked meanwhile. */
export type Prepared = {
  readonly allowed: Allowed;
  readonly centre: CentreRow;
  readonly facts: Omit<PackManifest, "version" | "files">;
  readonly report: Awaited<ReturnType<typeof findReportFacts>>;
  readonly custody: readonly Added[];
};

/** Looks whether it may be, and gathers. @returns the answer, when the same was ordered before. */
export async function prepareOrder(
  { config }: Jikim,
  ordering: Ordering,
  { order, by }: Ordered,
): Promise<Prepared | SealedPack> {
  const before = await findBefore(ordering, order);
  if (before !== null) return before;
  const { tx, caseRow, now } = ordering;
  const allowed = await checkOrder(ordering, order);
  const centre = await findCentre(tx);
  const stamps = config.timestamps === null ? "none" : "configured";
  const of = { root: centre.root ?? "", origin: config.origin, stamps } as const;
  const report = await findReportFacts({ db: tx, vault: ordering.vault }, { caseId: caseRow.id, order, allowed }, of);
  const { packId, exhibit, legalBasis, startedAt, endedAt, zone } = order;
  const actor = { role: `${by.role} ${by.who}`.trim(), did: "packed", at: now.toString() };
  const facts = {
    ...{ packId, exhibit, legalBasis, startedAt, endedAt, zone },
    previous: await findLastPackFor(tx, ordering.vault, { caseId: caseRow.id, unit: order.unit }),
    consent: await agreedToHandOver(tx, caseRow.id, order.ground),
    clockOffMs: await findClockOff(tx, now),
    mode: modeOf(allowed.exhibits),
    ...{ centre: centre.settings.name, case: String(caseRow.number), tool: TOOL, actors: [actor] },
    ...{ authority: allowed.authority, minor: allowed.minor, sealedAt: now.toString() },
    ...{ notStored: order.notStored, gaps: order.gaps },
    ...(order.leftOut.length === 0 ? {} : { leftOut: order.leftOut }),
    ...(order.kept === null ? {} : { keptUnder: order.kept.under }),
  };
  return { allowed, centre, facts, report, custody: await findCustodyFile({ db: tx, vault: ordering.vault }, order) };
}

/** What the captures in it kept, as they were made here; nobody's word is taken for it. */
function modeOf(exhibits: Allowed["exhibits"]): PackManifest["mode"] {
  const modes = new Set(exhibits.map(({ mode }) => mode));
  if (modes.has("keep-matching")) return "keep-matching";
  return modes.has("hash-and-discard") ? "hash-and-discard" : "export";
}

/** Prints the reports and signs. */
export async function sealOrder(
  jikim: Jikim,
  printer: Printer,
  { facts, report, centre, custody }: Prepared,
  order: PackOrder,
): Promise<{ readonly answer: SealedPack; readonly signature: Uint8Array }> {
  const files = [...order.files, ...custody.map(digested)];
  const added = [...custody, ...(await makeReports(printer, { ...report, manifest: facts }, files))];
  const by = { ...jikim.service, certificate: centre.serviceCertificate };
  const sealed = signManifest({ ...facts, files: [...order.files, ...added.map(digested)] }, by);
  const { text, signature, certificate, publicKey } = sealed;
  const encoded = added.map(({ path, type, content }) => ({ path, type, content: content.toString("base64") }));
  const answer = {
    ...{ packId: order.packId, text, certificate, publicKey, added: encoded },
    signature: Buffer.from(signature).toString("base64"),
  };
  return { answer, signature };
}

/** Keeps what was signed, after looking again whether it may be: she may have withdrawn while it was printed. */
export async function keepOrder(
  { config, jobs }: Pick<Jikim, "config" | "jobs">,
  ordering: Ordering,
  { order, by, staffId }: Ordered,
  { answer, signature }: { readonly answer: SealedPack; readonly signature: Uint8Array },
): Promise<SealedPack> {
  const before = await findBefore(ordering, order);
  if (before !== null) return before;
  await checkOrder(ordering, order);
  const { tx, vault, caseRow, now: at } = ordering;
  const { packId } = order;
  const caseId = caseRow.id;
  await recordSeal(tx, vault, { packId, caseId, text: answer.text, signature, at });
  if (config.timestamps !== null) await stampSoon(jobs, tx, packId);
  await insertPack(tx, vault, { caseId, order, answer, staffId, at });
  for (const exhibit of order.exhibits)
    await recordCustody(tx, vault, { packId: exhibit.packId, caseId, did: "copied", by, at, note: packId });
  await recordKeptHanded(tx, vault, order, { caseId, by, at });
  await recordCustody(tx, vault, { packId, caseId, did: "sealed", by, at, note: order.unit.kind });
  return answer;
}
