import {
  type CaseDocument,
  type CaseKey,
  keysOfReturnCode,
  newCaseKey,
  type ReturnCode,
  receiptCommitment,
  recipientOf,
  seal,
  wrapCaseKey,
} from "@jikim/evidence";
import type { portal } from "@jikim/server/contract";
import { toBase64url } from "../shared/base64url.ts";
import type { ContactContent, StoryContent } from "../shared/documents.ts";
import type { Language } from "../shared/languages.ts";
import type { Holder, TrustedKeys } from "./centre.ts";
import { codesOf, consentsOf, type Draft, isMinor, notifyOf } from "./draft.ts";

/** A report ready to send but for its proof of work. */
export type SealedReport = Omit<portal.Report, "effort">;

/**
 * With the case key, so that it can be wrapped again when the centre's intake people have changed meanwhile, and the `root` that
 * vouched for them when she sealed it: no other may vouch for those who come after.
 */
export type Parcel = { readonly report: SealedReport; readonly key: CaseKey; readonly root: string };

export function storyOf(draft: Draft): StoryContent {
  return { story: draft.story, names: draft.names };
}

export function contactOf(draft: Draft): ContactContent {
  const minor = isMinor(draft);
  return {
    ways: draft.ways,
    when: draft.when,
    where: draft.where,
    whatMayBeSaid: draft.whatMayBeSaid,
    safeContact: draft.safeContact,
    trustedAdult: minor ? draft.trustedAdult : "",
    guardianUnsafe: minor && draft.guardian === true,
    childRules: minor,
  };
}

/** What she wrote, sealed to the case. */
export async function sealAsSurvivor(content: unknown, key: CaseKey): Promise<string> {
  const document: CaseDocument = { by: "survivor", content };
  return toBase64url(await seal(document, [key.recipient]));
}

/** The case key sealed to each holder. */
export function wrapFor(key: CaseKey, holders: readonly Holder[]): Promise<{ holder: string; wrapped: string }[]> {
  return Promise.all(
    holders.map(async ({ holder, recipient }) => ({ holder, wrapped: toBase64url(await wrapCaseKey(key, recipient)) })),
  );
}

/** Seals her report under a new case key, wrapped for herself, the recovery key and every intake person. */
export async function sealReport(
  draft: Draft,
  keys: TrustedKeys,
  code: ReturnCode,
  language: Language,
): Promise<Parcel> {
  const own = keysOfReturnCode(code);
  const survivorRecipient = await recipientOf(own.identity);
  const key = await newCaseKey(survivorRecipient);
  const holders = [{ holder: "survivor", recipient: survivorRecipient }, keys.recovery, ...keys.intake];
  const story = await sealAsSurvivor(storyOf(draft), key);
  const contact = await sealAsSurvivor(contactOf(draft), key);
  const report: SealedReport = {
    submissionId: crypto.randomUUID(),
    token: own.token,
    survivorRecipient,
    caseRecipient: key.recipient,
    wraps: await wrapFor(key, holders),
    commitment: receiptCommitment(own.receiptSecret),
    language,
    codes: codesOf(draft),
    items: draft.items.map(({ kind, fingerprints }) => ({ kind, fingerprints: [...fingerprints] })),
    places: draft.places.map(({ kind, text }) => ({ kind, text })),
    documents: [
      { id: crypto.randomUUID(), kind: "story", sealed: story },
      { id: crypto.randomUUID(), kind: "contact", sealed: contact },
    ],
    consents: consentsOf(draft),
    withdrawalPlan: draft.withdrawalPlan ?? "at-once",
    notify: notifyOf(draft),
  };
  return { report, key, root: keys.root };
}

/** The same report for whoever holds intake keys now. */
export async function wrapAgain(parcel: Parcel, keys: TrustedKeys): Promise<Parcel> {
  const { report, key } = parcel;
  const herself = { holder: "survivor", recipient: report.survivorRecipient };
  const wraps = await wrapFor(key, [herself, keys.recovery, ...keys.intake]);
  return { ...parcel, report: { ...report, wraps } };
}
