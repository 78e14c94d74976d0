import type { ReturnCode, Signed } from "@jikim/evidence";
import type { portal } from "@jikim/server/contract";
import { ApiRefusal, ask, NetworkLost } from "../shared/api.ts";
import type { TrustedKeys } from "./centre.ts";
import { dropWaiting, keepWaiting } from "./device.ts";
import { takeEffort } from "./effort.ts";
import type { OwnReceipt } from "./receipt.ts";
import type { Parcel } from "./submission.ts";

/** Seconds until the next try; the last one repeats. A network that comes back is tried at once. */
const PAUSES = [2, 5, 10, 20, 30] as const;
/** An effort can run out or be spent, and staff can change on the way; a few tries before a refusal is believed. */
const MOST_REFUSALS = 4;

/** How a sending ends: acknowledged, or the centre's keys no longer hold and nothing may be sent. */
export type Delivered =
  | { readonly as: "sent" /** null: the receipt's signature does not hold. */; readonly receipt: OwnReceipt | null }
  | { readonly as: "untrusted" };

export type Delivery = {
  readonly parcel: Parcel;
  readonly code: ReturnCode;
  readonly keys: TrustedKeys;
  /** A try failed for want of a network, or because the server is in trouble. `kept`: it waits sealed on this device. */
  readonly onWaiting: (why: "network" | "server", kept: boolean) => void;
  readonly signal: AbortSignal;
};

/**
 * Sends a report until it is acknowledged. Sent twice it is one case, so a lost answer does no harm. Until then it waits sealed on
 * this device, so that a closed tab loses nothing. Only the root she sealed it under is believed, however long it waits: another
 * one is a swap, even when every certificate beside it holds.
 *
 * @throws {ApiRefusal} when the server will not take it as it is; a DOMException when she left.
 */
export async function deliver(delivery: Delivery): Promise<Delivered> {
  const { code, onWaiting, signal } = delivery;
  const { root } = delivery.parcel;
  if (delivery.keys.root !== root) return { as: "untrusted" };
  const { checkReceipt, sealWaiting, wrapAgain } = await import("./sealing.ts");
  const kept = await keepWaiting(await sealWaiting(delivery.parcel, code));
  let { parcel, keys } = delivery;
  for (let tries = 0, refusals = 0; ; tries++) {
    signal.throwIfAborted();
    try {
      const receipt = await send(parcel, signal);
      await dropWaiting(parcel.report.submissionId);
      return { as: "sent", receipt: checkReceipt(receipt, keys.serviceKey, code) };
    } catch (error) {
      signal.throwIfAborted();
      const why = troubleOf(error);
      if (why !== null) onWaiting(why, kept);
      else if (++refusals >= MOST_REFUSALS || !isPassing(error)) return refuse(parcel, error);
    }
    const fresh = await freshKeys(root);
    if (fresh === null) return { as: "untrusted" };
    if (fresh !== undefined) {
      keys = fresh;
      parcel = await wrapAgain(parcel, fresh);
    }
    if (fresh === undefined || tries > 0) await pause(PAUSES[tries] ?? 30, signal);
  }
}

/** What the server will never take is not kept either: all of it is still on the page. */
async function refuse({ report }: Parcel, error: unknown): Promise<never> {
  await dropWaiting(report.submissionId);
  throw error;
}

async function send({ report }: Parcel, signal: AbortSignal): Promise<Signed> {
  const body: portal.Report = { ...report, effort: await takeEffort() };
  const { receipt } = await ask<{ receipt: Signed }>("/api/reports", { method: "POST", body, signal });
  return receipt;
}

/** The centre's keys as they are now; null when `root` does not vouch for them, undefined when nothing was heard. */
async function freshKeys(root: string): Promise<TrustedKeys | null | undefined> {
  const { trustKeys } = await import("./sealing.ts");
  const centre = await ask<portal.Centre>("/api/centre").catch(() => undefined);
  if (centre === undefined) return undefined;
  return centre.root === root ? trustKeys(centre, Date.now()) : null;
}

/** Refusals that a new proof of work or newly wrapped keys can mend. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiRefusal && (error.code === "HOLDERS_CHANGED" || error.code.startsWith("EFFORT_"));
}

/** Whether trying again later can help. */
function troubleOf(error: unknown): "network" | "server" | null {
  if (error instanceof NetworkLost) return "network";
  if (error instanceof ApiRefusal) return error.status >= 500 || error.status === 429 ? "server" : null;
  return "network";
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}
