import {
  type CaseKey,
  certify,
  newCaseKey,
  newRecoveryKey,
  newSigningKey,
  newStaffKey,
  publicStaffKey,
  type Signed,
  type SigningKey,
  type StaffKey,
  seal,
  wrapCaseKey,
} from "@jikim/evidence";
import type { Opener } from "../src/desk/case-file.ts";
import type { Case, StaffMember, StoredDocument } from "../src/desk/contract.ts";
import { toBase64url } from "../src/shared/base64url.ts";

/** A year from now. */
export const NOT_AFTER = new Date(Date.now() + 365 * 86_400_000).toISOString();

/** A colleague with her key, and the certificate of a root. */
export type InventedStaff = { readonly key: StaffKey; readonly certificate: Signed; readonly member: StaffMember };

export async function inventStaff(
  root: SigningKey,
  pseudonym: string,
  roles: StaffMember["roles"] = ["caseworker"],
): Promise<InventedStaff> {
  const key = newStaffKey();
  const halves = await publicStaffKey(key);
  const id = crypto.randomUUID();
  const certificate = certify({ kind: "staff", staffId: id, roles, ...halves, notAfter: NOT_AFTER }, root.secret);
  const member: StaffMember = { id, pseudonym, roles, state: "active", key: halves, certificate, approvedBy: [] };
  return { key, certificate, member };
}

/** A colleague as one who opens cases. */
export function openerFrom({ key, certificate, member }: InventedStaff, root: SigningKey): Opener {
  if (member.key === null) throw new Error("no key");
  const { recipient } = member.key;
  return { state: "open", staffId: member.id, key, certificate, recipient, root: root.public };
}

/** A sealed document of a case. */
export async function inventDocument(
  key: CaseKey,
  document: { readonly kind: StoredDocument["kind"]; readonly by: StoredDocument["by"]; readonly value: unknown },
): Promise<StoredDocument> {
  const { kind, by, value } = document;
  const sealed = toBase64url(await seal(value, [key.recipient]));
  return { id: crypto.randomUUID(), kind, by, at: "2026-06-01T00:00:00Z", sealed };
}

/** A case as the server gives it to `holder`. */
export async function inventCase(holder: InventedStaff, survivorRecipient: string): Promise<[Case, CaseKey]> {
  const key = await newCaseKey(survivorRecipient);
  const recipient = holder.member.key?.recipient ?? "";
  const wrapped = toBase64url(await wrapCaseKey(key, recipient));
  const held: Case = {
    ...{ id: crypto.randomUUID(), number: 1, state: "open", receivedAt: "2026-06-01T00:00:00Z", language: "ko" },
    flags: { danger: false, threat: false, minor: false, policeHold: false },
    next: { act: "wait", clock: null, dueAt: null },
    assignedTo: null,
    counts: { items: 0, places: 0, openPlaces: 0, removedPlaces: 0, unanswered: 0 },
    ...{ keyVersion: 1, caseRecipient: key.recipient, survivorRecipient, wrapped },
    codes: { danger: false, threat: false, ageBand: "20s", harms: [] },
    ...{ withdrawalPlan: "at-once", consents: [], mandate: null, safeContactWaiting: false },
    ...{ statements: [], nameInNotices: null },
    ...{ documents: [], fileKeys: [], items: [], places: [], notices: [], releases: [] },
  };
  return [held, key];
}

export const newRoot = newSigningKey;
export const newRecovery = newRecoveryKey;
