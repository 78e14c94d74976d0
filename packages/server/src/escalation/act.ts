import { PLAIN_REQUEST, Refusal } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { approve } from "../notices/approve.ts";
import { draftNotices } from "../notices/draft.ts";
import { ServerRefusal } from "../refusal.ts";
import { findCentre } from "../store/centre.ts";
import { findNamedBy, markStep } from "../store/climb-step.ts";
import type { CaseRow } from "../store/my-case.ts";
import { findPlacesOf, lockNotice } from "../store/notice.ts";
import { findPoliciesFor } from "../store/policy.ts";
import type { Decided } from "./decide.ts";

export type ToDo = { readonly caseRow: CaseRow; readonly decided: readonly Decided[] };

/**
 * Drafts what is to be sent or prepared, and approves what needs no key: in the name of who named the recipient, or of the
 * supervisor who signed the policy. What may not leave after all stays prepared.
 * @returns the places whose step was taken or prepared.
 */
export async function act(tx: InTransaction, jikim: Jikim, { caseRow, decided }: ToDo): Promise<ReadonlySet<string>> {
  const now = jikim.now();
  const taken = new Set<string>();
  const wanted = decided.flatMap(({ placeId, takes }) => takes.map((take) => ({ placeId, ...take })));
  const groups = Map.groupBy(wanted, ({ step, what }) => JSON.stringify([step.recipientId, what]));
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { step, what } = first;
    const placesOf = new Map([[step.recipientId, group.map(({ placeId }) => placeId)]]);
    const drafts = await attempt(() => draftNotices(tx, jikim.vault, { caseRow, placesOf }, now));
    for (const noticeId of drafts ?? []) {
      await markStep(tx, noticeId, what.do === "send" ? step.why : what.why);
      if (what.do === "send") await send(tx, jikim, { noticeId, recipientId: step.recipientId, caseRow, by: what.by });
    }
    if (drafts !== null) for (const { placeId } of group) taken.add(placeId);
  }
  return taken;
}

type Sending = {
  readonly noticeId: string;
  readonly recipientId: string;
  readonly caseRow: CaseRow;
  readonly by: "approval" | "policy";
};

async function send(tx: InTransaction, jikim: Jikim, sending: Sending): Promise<void> {
  const { noticeId, recipientId, caseRow } = sending;
  const authority = await (sending.by === "approval" ? findNaming : findPolicy)(tx, jikim, sending);
  if (authority === null) return;
  const approval = { noticeId, caseId: caseRow.id, named: [recipientId], ...authority };
  await attempt(() => approve(tx, jikim, approval, jikim.now()));
}

type Authority = { readonly staffId: string; readonly policyId?: string };

/** Whoever named this recipient for every place of the notice. */
async function findNaming(
  tx: InTransaction,
  _jikim: Jikim,
  { noticeId, recipientId }: Sending,
): Promise<Authority | null> {
  const places = (await findPlacesOf(tx, [noticeId])).get(noticeId) ?? [];
  const staffId = await findNamedBy(tx, recipientId, places);
  return staffId === null ? null : { staffId };
}

async function findPolicy(
  tx: InTransaction,
  jikim: Jikim,
  { noticeId, recipientId }: Sending,
): Promise<Authority | null> {
  const now = jikim.now();
  const groundId = (await lockNotice(tx, noticeId))?.groundId ?? null;
  const root = (await findCentre(tx)).root ?? "";
  // The ground of the text itself: that of the policy must be the one that is written down.
  const policy = (await findPoliciesFor(tx, recipientId, { root, now })).find(
    (one) => one.signatureHolds && one.ground === (groundId ?? PLAIN_REQUEST),
  );
  return policy === undefined ? null : { staffId: policy.madeBy, policyId: policy.id };
}

/** What a rule forbids is not done; the rest of the ladder goes on. A refusal comes before anything is written. */
async function attempt<T>(what: () => Promise<T>): Promise<T | null> {
  try {
    return await what();
  } catch (error) {
    if (error instanceof Refusal || error instanceof ServerRefusal) return null;
    throw error;
  }
}
