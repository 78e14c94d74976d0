import { buffer } from "node:stream/consumers";
import { type CaptureOrder, coversReached } from "@jikim/casework";
import {
  type AboutCapture,
  type Captured,
  capturedSchema,
  countCapture,
  filesOfCapture,
  type PackPart,
  sealCapture,
  writePack,
} from "@jikim/evidence/pack";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { stampSoon } from "../jobs/queue.ts";
import { agreedToCapture } from "../packs/agreed.ts";
import type { StoredAuthority } from "../store/authority.ts";
import { type CaptureTry, findLastCaptureOf, finishCapture } from "../store/capture.ts";
import { findCentre } from "../store/centre.ts";
import { recordCustody } from "../store/custody.ts";
import { findClockOff, recordSeal } from "../store/seal.ts";
import { type newFileKey, writeSealedFile } from "../store/sealed-file.ts";
import type { Vault } from "../vault.ts";
import type { Allowed } from "./allowed.ts";
import type { CaptureFolder } from "./folder.ts";

/** Bytes of a pack: what a capture may load at most (capture/src/proxy.ts), and some. */
const MOST_BYTES = 600 * 1024 * 1024;
const SERVER = { role: "server", who: "" } as const;

/** Somebody else has taken up this capture meanwhile: theirs counts. */
export class TryLost extends Error {
  override readonly name = "TryLost";
}

/** The page led on to an address that its authority does not cover: nothing of it is kept. */
export class OutOfScope extends Error {
  override readonly name = "OutOfScope";
}

type Made = {
  readonly ours: CaptureTry;
  readonly allowed: Allowed;
  readonly folder: CaptureFolder;
  readonly fileKey: Awaited<ReturnType<typeof newFileKey>>;
};

/**
 * Makes the pack of what a capture left, signed and encrypted, and keeps it together with its end, its entry in the log and its custody: all of it or
 * nothing. @throws {TryLost}; {OutOfScope}; {ServerRefusal} `TOO_LARGE`; an error when the capture left something else than it should.
 */
export async function keepPack(jikim: Jikim, { ours, allowed, folder, fileKey }: Made): Promise<void> {
  const captured = capturedSchema.parse(JSON.parse((await buffer(folder.read("record.json"))).toString("utf8")));
  if (captured.minor !== allowed.minor) throw new Error("the capture followed other rules");
  checkReached(captured, allowed.authority, ours.order);
  const at = jikim.now();
  const parts = filesOfCapture(captured).map(
    ({ name, path, type }): PackPart => ({ path, type, read: () => folder.read(name) }),
  );
  const centre = await findCentre(jikim.db);
  const by = { ...jikim.service, certificate: centre.serviceCertificate };
  const about = await aboutOf(jikim, { ours, authority: allowed.authority, captured, at });
  const { sealed, parts: all } = await sealCapture(captured, about, { parts, by });
  const vouching = { timestamp: null, log: null };
  const pack = await writePack(sealed, vouching, { parts: all, recipients: [fileKey.recipient] });
  const { packId, caseId } = ours;
  const file = { id: packId, caseId, opener: fileKey.opener, at, most: MOST_BYTES };
  await writeSealedFile(jikim.db, file, pack, async (tx) => {
    if (!(await finishCapture(tx, ours, { counts: countCapture(captured), at }))) throw new TryLost();
    await recordSeal(tx, jikim.vault, { packId, caseId, text: sealed.text, signature: sealed.signature, at });
    await recordMaking(tx, jikim.vault, ours, { captured, at });
    if (jikim.config.timestamps !== null) await stampSoon(jikim.jobs, tx, packId);
  });
}

/** @throws {OutOfScope} */
function checkReached({ redirects, url }: Captured, authority: StoredAuthority | null, order: CaptureOrder): void {
  if (authority === null) return;
  for (const reached of [...redirects, url.final])
    if (!coversReached(authority, order, reached)) throw new OutOfScope();
}

async function recordMaking(
  tx: InTransaction,
  vault: Vault,
  { packId, caseId, number }: CaptureTry,
  { captured, at }: { readonly captured: Captured; readonly at: Temporal.Instant },
): Promise<void> {
  const event = { packId, caseId, by: SERVER, note: `capture ${number}` };
  await recordCustody(tx, vault, { ...event, did: "captured", at: Temporal.Instant.from(captured.endedAt) });
  await recordCustody(tx, vault, { ...event, did: "sealed", at });
}

type Known = {
  readonly ours: CaptureTry;
  readonly authority: StoredAuthority | null;
  readonly captured: Captured;
  readonly at: Temporal.Instant;
};

async function aboutOf({ db, vault }: Jikim, { ours, authority, captured, at }: Known): Promise<AboutCapture> {
  const { settings } = await findCentre(db);
  const { packId, caseId, order, orderedRole, orderedAt } = ours;
  return {
    ...{ packId, exhibit: `capture ${ours.number}`, case: String(ours.caseNumber) },
    previous: await findLastCaptureOf(db, vault, { caseId, url: order.url }),
    consent: await agreedToCapture(db, caseId),
    clockOffMs: await findClockOff(db, at),
    centre: { ko: settings.name.ko, en: settings.name.en },
    legalBasis: order.legalBasis ?? "what she reported to the centre",
    authority: authority === null ? null : manifestOf(authority),
    actors: [
      { role: orderedRole, did: "ordered", at: orderedAt.toString() },
      {
        role: "server",
        did: order.signedIn ? "captured, signed in to an account of the centre" : "captured",
        at: captured.startedAt,
      },
      { role: "server", did: "sealed", at: at.toString() },
    ],
    sealedAt: at.toString(),
  };
}

const LONGEST = 2000;

function manifestOf({ kind, facts, from, until }: StoredAuthority): NonNullable<AboutCapture["authority"]> {
  const { addresses, placeIds, words } = facts.scope;
  const places = placeIds.length === 0 ? [] : [`${placeIds.length} named places of the case`];
  return {
    ...{ kind, number: facts.number, approvedBy: facts.approvedBy ?? "not yet approved" },
    scope: [words, ...addresses, ...places].join("; ").slice(0, LONGEST),
    ...{ from: from.toString(), until: until?.toString() ?? null },
  };
}
