import { Refusal } from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { findChromium } from "../letters/printer.ts";
import { ServerRefusal } from "../refusal.ts";
import {
  type CaptureFailure,
  type CaptureTry,
  failCapture,
  isSignedIn,
  releaseCapture,
  renewLease,
  takeCapture,
} from "../store/capture.ts";
import { findFingerprints } from "../store/item.ts";
import { lockCase } from "../store/next.ts";
import { dropSealedFiles, newFileKey } from "../store/sealed-file.ts";
import { type Allowed, allowCapture } from "./allowed.ts";
import { openFolder } from "./folder.ts";
import { keepPack, OutOfScope, TryLost } from "./pack.ts";
import { runCapture } from "./process.ts";
import { takeSession } from "./session.ts";

/** Seconds without a sign of life after which somebody else may try, and between two such signs. */
const LEASE_SECONDS = 30;
const SIGN_SECONDS = 8;
const MOST_TRIES = 3;

let turn: Promise<unknown> = Promise.resolve();

/**
 * Captures a page that was ordered: one at a time in this process, as each takes a browser. Doing it twice does no harm: only who took the try may
 * end it, and its pack comes with that end or not at all.
 */
export function capturePage(jikim: Jikim, captureId: string): Promise<void> {
  const done = turn.then(() => take(jikim, captureId));
  turn = done.catch(() => undefined);
  return done;
}

async function take(jikim: Jikim, captureId: string): Promise<void> {
  const { db, vault } = jikim;
  const session = takeSession(captureId);
  // Another process has its session, or nobody any more: the sweep gives that up.
  if (session === null && (await isSignedIn(db, captureId))) return;
  const now = jikim.now();
  const ours = await takeCapture(db, vault, captureId, { now, until: now.add({ seconds: LEASE_SECONDS }) });
  if (ours === null) return;
  const sign = setInterval(() => {
    void renewLease(db, ours, jikim.now().add({ seconds: LEASE_SECONDS })).catch(() => undefined);
  }, SIGN_SECONDS * 1000).unref();
  try {
    if (ours.before !== null) await dropSealedFiles(db, [ours.before]);
    const failure = await tryOnce(jikim, ours, session?.cookies ?? []);
    if (failure !== null) await failCapture(db, ours, { failure, at: jikim.now() });
  } catch (error) {
    if (error instanceof TryLost) return;
    const isLast = ours.tries >= MOST_TRIES || ours.order.signedIn;
    if (isLast) await failCapture(db, ours, { failure: "CAPTURE_FAILED", at: jikim.now() });
    else await releaseCapture(db, ours);
    throw error;
  } finally {
    clearInterval(sign);
  }
}

/** @returns why it failed for good, or null when its pack is kept. @throws when another try may help. */
async function tryOnce(jikim: Jikim, ours: CaptureTry, cookies: readonly object[]): Promise<CaptureFailure | null> {
  const allowed = await stillAllowed(jikim, ours);
  if (allowed === null) return "NO_LONGER_ALLOWED";
  const browser = findChromium();
  if (browser === null) return "NO_BROWSER";
  const fileKey = await newFileKey();
  const folder = await openFolder();
  try {
    const { url, mode } = ours.order;
    const families = mode === "keep-matching" ? await findFingerprints(jikim.db, jikim.vault, ours) : null;
    const items = [...(families?.values() ?? [])];
    // Without an item of hers nothing can match, and nothing is kept.
    const keep = items.length === 0 ? null : { recipient: fileKey.recipient, items };
    const failure = await runCapture({
      ...{ url, folder: folder.path, minor: allowed.minor, cookies, keep, browser },
      mode: keep === null ? "hash-and-discard" : "keep-matching",
      allowPrivate: jikim.config.allowPrivateAddresses,
    });
    await folder.takeBack();
    if (failure !== null) return failure;
    await keepPack(jikim, { ours, allowed, folder, fileKey });
    return null;
  } catch (error) {
    if (error instanceof ServerRefusal && error.reason.code === "TOO_LARGE") return "TOO_LARGE";
    if (error instanceof OutOfScope) return "OUT_OF_SCOPE";
    throw error;
  } finally {
    await folder.close();
  }
}

/** What was right when it was ordered may not be any more; null then. */
async function stillAllowed(jikim: Jikim, { caseId, order, authorityId }: CaptureTry): Promise<Allowed | null> {
  try {
    return await jikim.db.transaction().execute(async (tx) => {
      const caseRow = await lockCase(tx, caseId);
      if (caseRow === undefined || caseRow.state === "closed") return null;
      return allowCapture(tx, jikim.vault, { caseRow, order, authorityId, now: jikim.now() });
    });
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
