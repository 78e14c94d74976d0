import { keysOfReturnCode, openSealed, type ReturnCode, recipientOf, seal } from "@jikim/evidence";
import type { portal } from "@jikim/server/contract";
import { ApiRefusal, ask } from "../shared/api.ts";
import { fromBase64url, toBase64url } from "../shared/base64url.ts";
import { type Draft, readDraft } from "./draft.ts";
import type { Effort } from "./effort.ts";
import { STEPS, type Step } from "./steps.ts";

type Saved = { readonly expiresAt: string };

/** A draft and the question at which she left it. */
export type Left = { readonly draft: Draft; readonly at: Step };

const authorization = (code: ReturnCode) => ({ authorization: `Draft ${keysOfReturnCode(code).draftToken}` });

/** Leaves the draft on the server, sealed to a key that only her code gives. A later one takes the place of an earlier one. */
export async function saveDraft({ draft, at }: Left, code: ReturnCode, effort: Effort): Promise<Saved> {
  const recipient = await recipientOf(keysOfReturnCode(code).draftIdentity);
  const body: DraftPut = { effort, sealed: toBase64url(await seal({ draft, at }, [recipient])) };
  return ask<Saved>("/api/draft", { method: "PUT", headers: authorization(code), body });
}

type DraftPut = { readonly effort: portal.Report["effort"]; readonly sealed: string };

/** The draft left under this code, or null when there is none. @throws {NetworkLost} and other {ApiRefusal}s. */
export async function loadDraft(code: ReturnCode): Promise<Left | null> {
  try {
    const { sealed } = await ask<{ sealed: string }>("/api/draft", { headers: authorization(code) });
    return readLeft(await openSealed(fromBase64url(sealed), keysOfReturnCode(code).draftIdentity));
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return null;
    throw error;
  }
}

/** Deletes it; whether it was there makes no difference. */
export async function deleteDraft(code: ReturnCode): Promise<void> {
  await ask("/api/draft", { method: "DELETE", headers: authorization(code) }).catch(() => undefined);
}

function readLeft(value: unknown): Left | null {
  if (typeof value !== "object" || value === null || !("draft" in value)) return null;
  const draft = readDraft(value.draft);
  const at = STEPS.find((step) => "at" in value && step === value.at) ?? "danger";
  return draft && { draft, at };
}
