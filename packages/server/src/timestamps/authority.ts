import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { checkTimestamp, requestTimestamp, type TimestampTrouble } from "@jikim/evidence/timestamp";
import { type Agent, request } from "undici";
import { isPublicAddress } from "../checks/address.ts";
import { openPool } from "../checks/connect.ts";
import type { TimestampSettings } from "./settings.ts";

/** Why there is no timestamp. unreachable: no answer in time · refused: an answer of another kind · else the answer is not to be believed. */
export type StampTrouble = "unreachable" | "refused" | TimestampTrouble;

export type Stamped = {
  readonly stamp: Uint8Array;
  readonly at: Temporal.Instant;
  /** Milliseconds from its time to the middle of ours between asking and answer. As sharp as the authority writes its time, often a second. */
  readonly clockOffMs: number;
};

/** RFC 3161 §3.4. */
const ASKS = "application/timestamp-query";
const ANSWERS = "application/timestamp-reply";
/** Bytes; an answer with its chain has some 6,000. */
const MOST_BYTES = 100_000;
const MOST_MILLISECONDS = 15_000;
const NONCE_BYTES = 16;

/**
 * Has an authority stamp some bytes, once, and believes the answer only after looking at it (signature, chain, purpose, nonce, policy, imprint).
 * No redirect is followed. A name must lead to a public address unless the operator allows more; an address he wrote himself is his own choice.
 * @param now  our clock: a stamp from the future is not believed.
 */
export async function askForStamp(
  authority: TimestampSettings,
  stamped: Uint8Array,
  { allowPrivate, now }: { readonly allowPrivate: boolean; readonly now: Temporal.Instant },
): Promise<Stamped | { readonly trouble: StampTrouble }> {
  const url = new URL(authority.url);
  const written = url.hostname.replace(/^\[|\]$/g, "");
  const isAllowed = (address: string) =>
    allowPrivate || isPublicAddress(address) || (isIP(written) !== 0 && address === written);
  const pool = openPool({ isAllowed });
  // A Buffer's slice shows the pool it lies in.
  const data = new Uint8Array(stamped);
  try {
    const nonce = randomBytes(NONCE_BYTES);
    const body = await requestTimestamp(data, nonce);
    const asked = performance.now();
    const answer = await post(pool, url, body);
    const middle = now.epochMilliseconds + (performance.now() - asked) / 2;
    if (!(answer instanceof Uint8Array)) return answer;
    const { roots, policy } = authority;
    const policies = policy === null ? null : [policy];
    const checked = await checkTimestamp(answer, { data, nonce, policies, roots: [roots], now });
    if ("trouble" in checked) return checked;
    return { stamp: answer, at: checked.at, clockOffMs: Math.round(middle - checked.at.epochMilliseconds) };
  } finally {
    await pool.close().catch(() => undefined);
  }
}

async function post(
  dispatcher: Agent,
  url: URL,
  body: Uint8Array,
): Promise<Uint8Array | { readonly trouble: "unreachable" | "refused" }> {
  try {
    const signal = AbortSignal.timeout(MOST_MILLISECONDS);
    const headers = { "content-type": ASKS, accept: ANSWERS };
    const answer = await request(url, { dispatcher, method: "POST", body, headers, signal, reset: true });
    const type = String(answer.headers["content-type"] ?? "").split(";")[0];
    const bytes = await bounded(answer.body);
    return answer.statusCode === 200 && type === ANSWERS && bytes !== null ? bytes : { trouble: "refused" };
  } catch {
    return { trouble: "unreachable" };
  }
}

async function bounded(body: AsyncIterable<Buffer>): Promise<Uint8Array | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) return null;
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}
