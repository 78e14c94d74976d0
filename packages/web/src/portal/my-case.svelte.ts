import type { Act, PlaceAddress } from "@jikim/casework";
import { keysOfReturnCode, newReturnCode, type ReturnCode, readReturnCode } from "@jikim/evidence";
import type { chats, portal, watch } from "@jikim/server/contract";
import { ApiRefusal, ask, NetworkLost } from "../shared/api.ts";
import type { ProvenanceContent } from "../shared/provenance-content.ts";
import { type CaseFile, openCase, replaceCode } from "./case-file.ts";
import { trustKeys } from "./centre.ts";
import { allWaiting, dropWaiting } from "./device.ts";
import { loadDraft } from "./draft-store.ts";
import { onLeave } from "./leave.ts";
import { openWaiting } from "./outbox.ts";
import { sendWaiting } from "./sending.svelte.ts";
import { sealAsSurvivor } from "./submission.ts";
import { show, visit } from "./visit.svelte.ts";

/** A case of which the records were destroyed, or are about to be: no key opens anything of it any more. */
export type ErasedCase = { readonly code: ReturnCode; readonly my: portal.MyCase & { readonly erasure: object } };

let current: CaseFile | null = $state.raw(null);
let erased: ErasedCase | null = $state.raw(null);

/** Her opened case; reactive. */
export function caseFile(): CaseFile | null {
  return current;
}

/** The same, where its records were destroyed; reactive. */
export function erasedCase(): ErasedCase | null {
  return erased;
}

export function closeCase(): void {
  [current, erased] = [null, null];
}
onLeave(closeCase);

const authorization = (code: ReturnCode) => ({ authorization: `Return ${keysOfReturnCode(code).token}` });

function trustedKeys() {
  const { centre } = visit;
  const keys = centre.state === "open" ? trustKeys(centre.centre, Date.now()) : null;
  if (keys === null && centre.state === "open") visit.centre = { state: "untrusted", centre: centre.centre };
  return keys;
}

/** What a typed code led to. */
export type Found = "case" | "draft" | "waiting" | "nothing" | "not-a-code";

/** Opens what lies under a code: a case, a report that still waits on this device, or a draft. Then shows it. */
export async function enterCode(typed: string): Promise<Found> {
  const code = readReturnCode(typed);
  if (code === null) return "not-a-code";
  try {
    if (await openWith(code)) {
      show("case");
      return "case";
    }
  } catch (error) {
    if (!(error instanceof NetworkLost) || !(await sendWaiting(code))) throw error;
    show("sending");
    return "waiting";
  }
  if (await sendWaiting(code)) {
    show("sending");
    return "waiting";
  }
  const left = await loadDraft(code);
  if (left === null) return "nothing";
  Object.assign(visit, { draft: left.draft, code, draftLeft: true, mending: false });
  show(left.at);
  return "draft";
}

/** False when no case has this code. */
async function openWith(code: ReturnCode): Promise<boolean> {
  const keys = trustedKeys();
  if (keys === null) return false;
  try {
    const my = await ask<portal.MyCase>("/api/my/case", { headers: authorization(code) });
    const { erasure } = my;
    erased = erasure === null ? null : { code, my: { ...my, erasure } };
    current = erasure === null ? await openCase(my, code, keys.root) : null;
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === "CODE_UNKNOWN") return false;
    throw error;
  }
  visit.code = code;
  // A report whose acknowledgement was lost on the way need not wait any longer.
  const waiting = await openWaiting(await allWaiting(), code);
  if (waiting) await dropWaiting(waiting.report.submissionId);
  return true;
}

/** Looks again. */
export async function refreshCase(): Promise<void> {
  const code = current?.code ?? erased?.code ?? readReturnCode(visit.code ?? "");
  if (code !== null) await openWith(code);
}

function mine(): CaseFile {
  if (current === null) throw new Error("no case is open");
  return current;
}

/** Writes to the centre. The same `id` twice is one message. */
export function writeMessage(id: string, text: string): Promise<void> {
  return write("/api/my/messages", id, { text });
}

/** Sends what a file on her device said of where it comes from. */
export function sendMarks(id: string, content: ProvenanceContent): Promise<void> {
  return write("/api/my/provenance", id, content);
}

/** Sealed again when the case key was changed meanwhile. */
async function write(path: `/api/my/${string}`, id: string, content: unknown): Promise<void> {
  for (let tries = 0; ; tries++) {
    const { code, key, my } = mine();
    const body = { id, keyVersion: my.keyVersion, sealed: await sealAsSurvivor(content, key) };
    try {
      await ask(path, { method: "POST", headers: authorization(code), body });
      return await refreshCase();
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.code !== "KEY_CHANGED" || tries >= 2) throw error;
      await refreshCase();
    }
  }
}

export async function addMyPlaces(places: readonly PlaceAddress[]): Promise<void> {
  const { code } = mine();
  await ask("/api/my/places", { method: "POST", headers: authorization(code), body: { places: places.slice(0, 100) } });
  await refreshCase();
}

/** What is watched for her. */
export function readMyWatch(): Promise<watch.MyWatch> {
  return ask<watch.MyWatch>("/api/my/watch", { headers: authorization(mine().code) });
}

/** Her answer to opening links that may have been given to her alone; the server takes 500 at once. */
export async function answerMyFetches(places: readonly string[], answer: "yes" | "no"): Promise<void> {
  const { code } = mine();
  for (let at = 0; at < places.length; at += 500) {
    const body = { places: places.slice(at, at + 500), answer };
    await ask("/api/my/fetches", { method: "POST", headers: authorization(code), body });
  }
  await refreshCase();
}

export async function changeConsent(act: Act, change: "give" | "withdraw"): Promise<void> {
  const { code } = erased ?? mine();
  await ask("/api/my/consents", { method: "POST", headers: authorization(code), body: { act, change } });
  await refreshCase();
}

/**
 * Replaces her code. The new one is shown before the server is asked, so that it is known even when the answer is lost on the way.
 *
 * @param onCode  gets the new code, without dashes.
 */
export async function replaceMyCode(onCode: (code: string) => void): Promise<void> {
  const file = mine();
  const keys = trustedKeys();
  if (keys === null) return;
  const code = newReturnCode();
  const sent = await ask<chats.MyChats>("/api/my/chats", { headers: authorization(file.code) });
  const hers = sent.chats.map((chat) => ({ id: chat.id, sealed: chat.hers }));
  const body = await replaceCode(file, keys, { code, hers });
  onCode(code);
  await ask("/api/my/code", { method: "POST", headers: authorization(file.code), body });
  await openWith(code);
}
