import { createHash } from "node:crypto";
import { type Signed, sign } from "@jikim/evidence";
import { addToSum, takeFromSum } from "@jikim/sdk/list-sum";
import type { ListChange } from "@jikim/sdk/wire";

/** Where the list stands; see sdk's `listHeadSchema`. Digests are 32 bytes, the sum 2,048 (sdk's list-sum.ts). */
export type Head = {
  readonly number: number;
  readonly digest: Buffer;
  readonly active: number;
  readonly sum: Buffer;
};

/** A change as it was signed, and the SHA-256 of its text. */
export type Link = { readonly number: number; readonly signed: Signed; readonly digest: Buffer };

/** One more change, and the digest of the put in force that it ends, if there is one. */
export type Step = { readonly change: ListChange["change"]; readonly ends: Buffer | null };

/** The chain one link longer. @param at  ISO 8601; @param secret  the service key, hex. */
export function extendChain(
  head: Head,
  { change, ends }: Step,
  { at, secret }: { readonly at: string; readonly secret: string },
): { readonly head: Head; readonly link: Link } {
  const number = head.number + 1;
  const content: ListChange = { number, previous: head.digest.toString("hex"), at, change };
  const signed = sign("list-change", content, secret);
  const digest = createHash("sha256").update(signed.payload).digest();
  const puts = change.kind === "put";
  const active = head.active + Number(puts) - Number(ends !== null);
  const sum = Buffer.from(head.sum);
  if (ends !== null) takeFromSum(sum, ends.toString("hex"));
  if (puts) addToSum(sum, digest.toString("hex"));
  return { head: { number, digest, active, sum }, link: { number, signed, digest } };
}
