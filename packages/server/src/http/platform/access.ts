import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Jikim } from "../../jikim.ts";
import { findKeyHolder, type KeyHolder } from "../../store/platform.ts";
import { Problem } from "../problem.ts";

/** A platform key is 32 random bytes, so a plain hash keeps it safe at rest. */
export function hashKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

/** Whose key a request carries. @throws {Problem} `KEY_UNKNOWN`, `KEY_REVOKED`, `KEY_EXPIRED`. */
export async function platformOf(request: FastifyRequest, { db, now }: Jikim): Promise<KeyHolder> {
  const [, key] = /^Bearer ([\x21-\x7e]{1,200})$/.exec(request.headers.authorization ?? "") ?? [];
  const holder = key === undefined ? null : await findKeyHolder(db, hashKey(key));
  if (holder === null) throw new Problem("KEY_UNKNOWN");
  if (holder.keyRevokedAt !== null) throw new Problem("KEY_REVOKED");
  if (holder.keyExpiresAt === null || Temporal.Instant.compare(holder.keyExpiresAt, now()) <= 0)
    throw new Problem("KEY_EXPIRED");
  return holder;
}
