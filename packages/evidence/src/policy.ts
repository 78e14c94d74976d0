import { readSigned, type Signed, sign } from "./signed.ts";

/** A supervisor's standing word, as she signs it in her browser. Times are ISO 8601 instants. */
export type PolicyText = {
  readonly policyId: string;
  readonly staffId: string;
  /** The one recipient that may be asked by itself. */
  readonly recipientId: string;
  /** Id of the ground on which, or "plain" for a plain request. */
  readonly ground: string;
  readonly madeAt: string;
  readonly endsAt: string;
};

export function signPolicy(policy: PolicyText, signingSecret: string): Signed {
  return sign("policy", policy, signingSecret);
}

/** What a policy says, or null when this key did not sign it or it is of another shape. Whether it still holds is for the reader. */
export function readPolicy(signed: Signed, verifyKey: string): PolicyText | null {
  const value = readSigned("policy", signed, verifyKey);
  if (typeof value !== "object" || value === null) return null;
  const { policyId, staffId, recipientId, ground, madeAt, endsAt } = value as Record<string, unknown>;
  const texts = [policyId, staffId, recipientId, ground];
  const isTime = (text: unknown) => typeof text === "string" && Number.isFinite(Date.parse(text));
  if (!texts.every((text) => typeof text === "string" && text !== "")) return null;
  return isTime(madeAt) && isTime(endsAt) ? (value as PolicyText) : null;
}
