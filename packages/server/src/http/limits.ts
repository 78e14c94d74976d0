import { createHmac, randomBytes } from "node:crypto";
import rateLimit, { normalizeIP } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ServerRefusal } from "../refusal.ts";

const MINUTE_MS = 60_000;

/** One line into a house has a whole IPv6 network of this length (RFC 6177 §2), so that is what counts as one address. */
const HOUSEHOLD_BITS = 64;

/**
 * Counts requests of an address in memory. The key is an HMAC of the address under a salt that lives and dies with this process:
 * no address is stored, and none can be worked out from a memory dump's counters without the salt.
 */
export async function limitRequests(app: FastifyInstance): Promise<void> {
  const salt = randomBytes(32);
  await app.register(rateLimit, {
    global: false,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) =>
      createHmac("sha256", salt).update(normalizeIP(request.ip, HOUSEHOLD_BITS)).digest("base64"),
    errorResponseBuilder: () => new ServerRefusal({ code: "TOO_MANY_REQUESTS" }),
    addHeaders: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
    addHeadersOnExceeding: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
  });
}

/** Route option: at most so many requests a minute from one address. */
export function aMinute(max: number): { readonly config: { readonly rateLimit: { readonly max: number } } } {
  return { config: { rateLimit: { max } } };
}

/** Counts what went wrong for an address, and refuses once it is more than `max` a minute. */
export function limitFailures(app: FastifyInstance, max: number): (request: FastifyRequest) => Promise<void> {
  const count = app.createRateLimit({ max, timeWindow: MINUTE_MS });
  return async (request) => {
    const counted = await count(request);
    if (!counted.isAllowed && counted.isExceeded) throw new ServerRefusal({ code: "TOO_MANY_REQUESTS" });
  };
}
