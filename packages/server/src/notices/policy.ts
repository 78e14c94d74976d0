import { coversNotice, PLAIN_REQUEST } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import { findCentre } from "../store/centre.ts";
import { dropOutgoing, findOutgoing, type Outgoing } from "../store/delivery.ts";
import type { NoticeRow } from "../store/notice.ts";
import { findPolicy } from "../store/policy.ts";
import { returnStep } from "../store/withheld.ts";

/**
 * Keeps back what a standing policy approved and what no longer stands on it: revoked, ended, or not hers any more who signed it. Where
 * nothing of the notice may have left it is a prepared step again, which waits for a key. Case and notice are locked.
 * @returns whether something was kept back.
 */
export async function withholdUnapproved(tx: InTransaction, row: NoticeRow, now: Temporal.Instant): Promise<boolean> {
  if (row.policyId === null) return false;
  const ways = (await findOutgoing(tx, row.id)).filter(({ purpose }) => purpose === "notice");
  if (!ways.some(isUnsent) || (await stands(tx, row.policyId, { row, now }))) return false;
  if (row.state === "approved" && !ways.some(mayHaveLeft)) await returnStep(tx, row.id, "policy-ended");
  else await dropOutgoing(tx, row.id, { now, purpose: "notice" });
  return true;
}

const isUnsent = ({ delivery }: Outgoing) => delivery.state !== "sent" && delivery.state !== "failed";
const mayHaveLeft = ({ delivery }: Outgoing) => ["handed-over", "in-doubt", "sent"].includes(delivery.state);

type Asked = { readonly row: Pick<NoticeRow, "recipientId" | "groundId">; readonly now: Temporal.Instant };

async function stands(tx: InTransaction, policyId: string, { row, now }: Asked): Promise<boolean> {
  const root = (await findCentre(tx)).root ?? "";
  const policy = await findPolicy(tx, policyId, { root, now });
  const asked = { recipientId: row.recipientId, ground: row.groundId ?? PLAIN_REQUEST };
  return policy !== null && coversNotice(policy, asked, now);
}
