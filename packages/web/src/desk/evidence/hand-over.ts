import { newAgeIdentity, recipientOf, unwrapFileKey } from "@jikim/evidence";
import type { PackedMarks } from "@jikim/evidence/pack";
import { fromBase64url } from "../../shared/base64url.ts";
import type { CaseFile } from "../case-file.ts";
import {
  type Capture,
  type Chat,
  fetchCapture,
  fetchChat,
  orderPack,
  type PackGround,
  type PackOrder,
  type PackVouching,
  readVouching,
  sealChat,
  sendPack,
  type Unit,
} from "./evidence-work.ts";
import { type Packer, startPacker } from "./packer.ts";
import { marksFiles, type OpenedExhibit, type SealedExhibit, signedOf, tellOf, withSeal } from "./packing.ts";
import { PackingRefusal } from "./packing-refusal.ts";

/** Something of the case that can go into a pack. */
export type Exhibit =
  | { readonly kind: "capture"; readonly packId: string; readonly capture: Capture }
  | { readonly kind: "chat"; readonly packId: string; readonly chat: Chat };

/** What somebody filled in. `recipient` null: the unit has no key, and one is made here. */
export type HandOver = {
  readonly exhibits: readonly Exhibit[];
  readonly exhibit: string;
  readonly unit: Unit;
  readonly ground: PackGround;
  readonly legalBasis: string;
  readonly authorityId: string | null;
  /** What captures kept goes along too, on this ground; null: it stays at the centre. */
  readonly kept: { readonly under: string } | null;
  readonly marks: readonly SentMarks[];
};

/** Marks that she sent, with what they say as a pack takes it. */
export type SentMarks = { readonly documentId: string; readonly marks: PackedMarks };

/** Where it is: which exhibit is being opened, or the share that was uploaded. */
export type Step =
  | { readonly step: "open"; readonly number: number; readonly of: number }
  | { readonly step: "sign" | "log" | "write" }
  | { readonly step: "send"; readonly share: number };

/** `madeKey`: shown once, to be given to the unit by another way than the pack. `logged`: false when the log had not come that far. */
export type HandedOver = {
  readonly packId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly madeKey: string | null;
  readonly logged: boolean;
};

/** How often the log is asked for, a second apart; then the pack goes without, and says so. */
const LOG_TRIES = 20;

export function packIdOf({ id, packId }: Capture): string {
  return packId ?? id;
}

/**
 * Puts a delivery pack together in this browser: opens the exhibits with the case's key, has the server sign what they are, writes the pack
 * for the unit's key alone, and uploads what only that key opens.
 * @throws {ApiRefusal} @throws {NetworkLost} @throws {PackingRefusal}
 */
export async function handOver(wanted: HandOver, file: CaseFile, tell: (step: Step) => void): Promise<HandedOver> {
  const packer = startPacker();
  try {
    const exhibits: OpenedExhibit[] = [];
    for (const [at, exhibit] of wanted.exhibits.entries()) {
      tell({ step: "open", number: at + 1, of: wanted.exhibits.length });
      exhibits.push(await openOne(packer, file, { exhibit, number: at + 1, kept: wanted.kept ? "along" : "left-out" }));
    }
    exhibits.push(marksFiles(wanted.marks.map(({ marks }) => marks)));
    tell({ step: "sign" });
    const sealed = await orderPack(file.case.id, orderOf(wanted, exhibits));
    tell({ step: "log" });
    const vouching = await waitForLog(sealed.packId);
    tell({ step: "write" });
    const madeKey = wanted.unit.recipient === null ? newAgeIdentity() : null;
    const recipient = wanted.unit.recipient ?? (await recipientOf(madeKey ?? ""));
    const written = await packer.write({ sealed, vouching, exhibits, recipient });
    const kept = await sendPack(sealed.packId, written.file, (share) => tell({ step: "send", share }));
    if (kept.sha256 !== written.sha256) throw new PackingRefusal("UPLOAD_CHANGED", 0);
    return { packId: sealed.packId, ...kept, madeKey, logged: vouching.log !== null };
  } finally {
    packer.close();
  }
}

/** Opens one exhibit and takes its seal along; a chat is sealed now, as it was not when she sent it. */
async function openOne(
  packer: Packer,
  file: CaseFile,
  one: { readonly exhibit: Exhibit; readonly number: number; readonly kept: SealedExhibit["kept"] },
): Promise<OpenedExhibit> {
  const { exhibit, number, kept } = one;
  const { kind, packId } = exhibit;
  const caseId = file.case.id;
  const wrapped = file.case.fileKeys.find(({ id }) => id === (kind === "chat" ? exhibit.chat.part.id : packId));
  if (wrapped === undefined) throw new PackingRefusal("EXHIBIT_LOCKED", number);
  const identity = await unwrapFileKey(fromBase64url(wrapped.sealed), file.key.identity);
  const sealed = await (kind === "chat" ? fetchChat(caseId, packId) : fetchCapture(caseId, exhibit.capture.id));
  const opened = await packer.open({ number, kind, sealed, identity, kept });
  const [chat] = opened.files;
  if (kind === "capture" || chat === undefined) return withSeal(opened, await readVouching(packId), null);
  const { bytes, sha256, sha512 } = chat;
  const seal = signedOf(await sealChat(caseId, packId, { exhibit: `chat ${number}`, bytes, sha256, sha512 }));
  return withSeal(opened, await waitForLog(packId), seal);
}

function orderOf(wanted: HandOver, opened: readonly OpenedExhibit[]): PackOrder {
  const { exhibit, unit, ground, legalBasis, authorityId, kept } = wanted;
  return {
    ...{ packId: crypto.randomUUID(), exhibit, unit, ground, legalBasis, authorityId, kept },
    ...tellOf(opened, new Date().toISOString()),
    marks: wanted.marks.map(({ documentId, marks }) => ({ documentId, item: marks.item })),
    exhibits: wanted.exhibits.map((each, at) => ({
      packId: each.packId,
      kind: each.kind,
      exhibit: `${exhibit}-${at + 1}`,
      about: each.kind === "capture" ? each.capture.url : null,
      digest: opened[at]?.digest ?? "",
      messages:
        each.kind === "chat" ? { shown: each.chat.shown, leftOut: each.chat.commitment.size - each.chat.shown } : null,
    })),
  };
}

async function waitForLog(packId: string): Promise<PackVouching> {
  for (let tried = 1; ; tried++) {
    const vouching = await readVouching(packId);
    const isStamping = vouching.stamp.state === "waiting" && vouching.stamp.trouble === null;
    if ((vouching.log !== null && !isStamping) || tried === LOG_TRIES) return vouching;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
