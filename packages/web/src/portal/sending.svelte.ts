import { ApiRefusal } from "../shared/api.ts";
import { language } from "../shared/language.svelte.ts";
import { deliver } from "./delivery.ts";
import { allWaiting } from "./device.ts";
import { emptyDraft } from "./draft.ts";
import { onLeave } from "./leave.ts";
import { forgetPictures } from "./pictures.svelte.ts";
import type { OwnReceipt } from "./receipt.ts";
import type { Parcel } from "./submission.ts";
import { visit } from "./visit.svelte.ts";

/** Where the sending of her report stands. It goes on while she looks at another page of this visit. */
export type Sending =
  | { readonly state: "idle" }
  | { readonly state: "sealing" }
  | { readonly state: "sending" }
  | { readonly state: "waiting"; readonly why: "network" | "server"; readonly kept: boolean }
  | { readonly state: "untrusted" }
  | { readonly state: "refused"; readonly message: string }
  | { readonly state: "sent"; readonly receipt: OwnReceipt | null; readonly danger: boolean };

let current: Sending = $state.raw({ state: "idle" });
let abort = new AbortController();

export function sending(): Sending {
  return current;
}

onLeave(forgetSending);

/** Stops trying, and forgets how it went. What waits sealed on the device stays there. */
export function forgetSending(): void {
  abort.abort();
  abort = new AbortController();
  current = { state: "idle" };
}

/** Seals her report and sends it; once only, however often it is called. */
export async function sendDraft(): Promise<void> {
  if (current.state !== "idle" && current.state !== "refused") return;
  current = { state: "sealing" };
  const sealing = await import("./sealing.ts");
  const code = visit.code === null ? sealing.newReturnCode() : sealing.readReturnCode(visit.code);
  if (code === null) return;
  visit.code = code;
  const { centre } = visit;
  const keys = centre.state === "open" ? sealing.trustKeys(centre.centre, Date.now()) : null;
  if (keys === null) {
    current = { state: "untrusted" };
    return;
  }
  await send(await sealing.sealReport($state.snapshot(visit.draft), keys, code, language()));
}

/** Sends on what waits on this device under her code. False when nothing does. */
export async function sendWaiting(typedCode: string): Promise<boolean> {
  const sealing = await import("./sealing.ts");
  const code = sealing.readReturnCode(typedCode);
  const parcel = code && (await sealing.openWaiting(await allWaiting(), code));
  if (!parcel) return false;
  visit.code = code;
  void send(parcel);
  return true;
}

async function send(parcel: Parcel): Promise<void> {
  const { signal } = abort;
  current = { state: "sending" };
  try {
    const { deleteDraft, readReturnCode, trustKeys } = await import("./sealing.ts");
    const code = readReturnCode(visit.code ?? "");
    const keys = visit.centre.state === "open" ? trustKeys(visit.centre.centre, Date.now()) : null;
    if (code === null || keys === null) {
      current = { state: "untrusted" };
      return;
    }
    const onWaiting = (why: "network" | "server", kept: boolean) => {
      current = { state: "waiting", why, kept };
    };
    const delivered = await deliver({ parcel, code, keys, onWaiting, signal });
    if (delivered.as === "untrusted") current = { state: "untrusted" };
    else {
      current = { state: "sent", receipt: delivered.receipt, danger: parcel.report.codes.danger };
      if (visit.draftLeft) void deleteDraft(code);
      // What was sent need not stay in this page's memory.
      Object.assign(visit, { draft: emptyDraft(), draftLeft: false });
      forgetPictures();
    }
  } catch (error) {
    if (signal.aborted) return;
    current = { state: "refused", message: error instanceof ApiRefusal ? error.message : "" };
  }
}
