import { type Signed, type SigningKey, sign } from "@jikim/evidence";
import { sumText } from "@jikim/sdk/list-sum";
import type { ListHead } from "@jikim/sdk/wire";
import type { Head } from "./chain.ts";

/** Many platforms ask for the same head: one signature serves them for a second. */
const FRESH_MS = 1000;

/** Signs heads, at most one a second while the list stands still. */
export function createHeadSigner(service: SigningKey): (head: Head, now: Temporal.Instant) => Signed {
  let last: { readonly digest: string; readonly atMs: number; readonly signed: Signed } | null = null;
  return (head, now) => {
    const digest = head.digest.toString("hex");
    const age = last === null ? Number.POSITIVE_INFINITY : now.epochMilliseconds - last.atMs;
    if (last !== null && last.digest === digest && age >= 0 && age < FRESH_MS) return last.signed;
    const content: ListHead = {
      number: head.number,
      digest,
      active: head.active,
      sum: sumText(head.sum),
      at: now.toString(),
    };
    const signed = sign("list-head", content, service.secret);
    last = { digest, atMs: now.epochMilliseconds, signed };
    return signed;
  };
}
