import { createHash } from "node:crypto";
import { type Signed, sign } from "@jikim/evidence";
import type { ListChange } from "@jikim/sdk/wire";

/** Where the list stands; see sdk's `listHeadSchema`. Digests are 32 bytes. */
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
  for (const told of [ends, puts ? digest : null]) if (told !== null) xorInto(sum, told);
  return { head: { number, digest, active, sum }, link: { number, signed, digest } };
}

function xorInto(sum: Buffer, digest: Buffer): void {
  for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) ^ (digest[at] ?? 0);
}
