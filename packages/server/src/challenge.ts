import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Challenge, isSolved } from "@jikim/evidence";
import { ServerRefusal } from "./refusal.ts";
import type { Vault } from "./vault.ts";

/** Long enough for a slow phone and a long think before "send"; a spent seed must be remembered as long. */
const MINUTES = 30;

export type Effort = { readonly seed: string; readonly solution: readonly number[] };

/** A challenge that the server need not remember: its seed says what was asked and until when, signed under the data key. */
export function makeChallenge(
  vault: Vault,
  asked: { readonly bits: number; readonly parts: number },
  now: Temporal.Instant,
): Challenge & { readonly expiresAt: string } {
  const expires = now.add({ minutes: MINUTES });
  const said = [expires.epochMilliseconds, asked.bits, asked.parts, randomBytes(16).toString("base64url")].join(".");
  return { seed: `${said}.${markOf(vault, said)}`, ...asked, expiresAt: expires.toString() };
}

/** What to remember of a solved effort so that it is spent once. */
export type CheckedEffort = { readonly seedHash: Buffer; readonly expiresAt: Temporal.Instant };

/** @throws {ServerRefusal} `EFFORT_UNSOLVED`, `EFFORT_EXPIRED`. */
export function checkEffort(vault: Vault, effort: Effort, now: Temporal.Instant): CheckedEffort {
  const [expires, bits, parts, nonce, mark = "", ...more] = effort.seed.split(".");
  const said = [expires, bits, parts, nonce].join(".");
  if (more.length > 0 || !equal(mark, markOf(vault, said))) throw new ServerRefusal({ code: "EFFORT_UNSOLVED" });
  const expiresAt = Temporal.Instant.fromEpochMilliseconds(Number(expires));
  if (Temporal.Instant.compare(expiresAt, now) <= 0) throw new ServerRefusal({ code: "EFFORT_EXPIRED" });
  const challenge = { seed: effort.seed, bits: Number(bits), parts: Number(parts) };
  if (!isSolved(challenge, effort.solution)) throw new ServerRefusal({ code: "EFFORT_UNSOLVED" });
  return { seedHash: createHash("sha256").update(effort.seed).digest(), expiresAt };
}

function markOf(vault: Vault, said: string): string {
  return vault.keyOf(said, "challenge").toString("base64url");
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
