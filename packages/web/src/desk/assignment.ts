import { type CaseKey, newCaseKey, readCertificate, reseal, wrapCaseKey } from "@jikim/evidence";
import { fromBase64url, toBase64url } from "../shared/base64url.ts";
import type { CaseFile } from "./case-file.ts";
import type { Assignment, Centre, StaffMember, Wrap } from "./contract.ts";

/** A colleague whose key the root vouches for: what she may hold, and under which key. */
export type Colleague = {
  readonly staffId: string;
  readonly pseudonym: string;
  readonly roles: readonly string[];
  readonly recipient: string;
};

/**
 * Colleagues a case can be given to: at work, and certified by the root for exactly the key the server shows. Anyone else is left
 * out, so that an altered server cannot slip in a key of its own.
 * @param now  milliseconds since 1970.
 */
export function certifiedColleagues(staff: readonly StaffMember[], root: string, now: number): readonly Colleague[] {
  return staff.flatMap((member) => {
    if (member.state !== "active" || member.certificate === null || member.pseudonym === null) return [];
    const certified = readCertificate(member.certificate, "staff", root, now);
    if (certified === null || certified.staffId !== member.id || certified.recipient !== member.key?.recipient)
      return [];
    const roles = certified.roles.filter((role) => member.roles.some((held) => held === role));
    return [{ staffId: member.id, pseudonym: member.pseudonym, roles, recipient: certified.recipient }];
  });
}

/** Who holds the case after assignment. */
export type NewHolders = {
  readonly assignee: Colleague;
  /** The assigning person, when she stays on the case. */
  readonly also: readonly Colleague[];
  readonly recoveryRecipient: string;
};

/** The recovery key's recipient, when the root signed it; null otherwise. */
export function recoveryRecipient(centre: Centre, root: string, now: number): string | null {
  const { recovery } = centre.certificates;
  return recovery === null ? null : (readCertificate(recovery, "recovery", root, now)?.recipient ?? null);
}

/**
 * Gives a case to a colleague: a new case key, everything re-sealed to it, and wraps for the new holders only. What cannot be
 * opened any more is replaced by a mark, since keeping it under a key that nobody holds would keep nothing.
 */
export async function assignCase(file: CaseFile, holders: NewHolders): Promise<Assignment> {
  const key = await newCaseKey(file.key.survivorRecipient);
  const resealAll = (all: readonly { readonly id: string; readonly sealed: string }[]) =>
    Promise.all(
      all.map(async ({ id, sealed }) => ({
        id,
        sealed: toBase64url(await reseal(fromBase64url(sealed), file.key.identity, key.recipient)),
      })),
    );
  const rekey = {
    fromVersion: file.case.keyVersion,
    caseRecipient: key.recipient,
    wraps: await wrapsFor(key, holders),
    documents: await resealAll(file.case.documents),
    fileKeys: await resealAll(file.case.fileKeys),
  };
  return { assignTo: holders.assignee.staffId, rekey };
}

function wrapsFor(key: CaseKey, holders: NewHolders): Promise<Wrap[]> {
  const staff = new Map([holders.assignee, ...holders.also].map((holder) => [holder.staffId, holder.recipient]));
  const recipients = new Map([["survivor", key.survivorRecipient], ["recovery", holders.recoveryRecipient], ...staff]);
  return Promise.all(
    [...recipients].map(async ([holder, recipient]) => ({
      holder,
      wrapped: toBase64url(await wrapCaseKey(key, recipient)),
    })),
  );
}
