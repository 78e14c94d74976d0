import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findKeyHolder, type KeyHolder } from "../../store/platform.ts";

/** A platform key is 32 random bytes, so a plain hash keeps it safe at rest. */
export function hashKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

/** Whose key a request carries. @throws {ServerRefusal} `PLATFORM_KEY_UNKNOWN`, `PLATFORM_KEY_REVOKED`, `PLATFORM_KEY_EXPIRED`. */
export async function platformOf(request: FastifyRequest, { db, now }: Jikim): Promise<KeyHolder> {
  const [, key] = /^Bearer ([\x21-\x7e]{1,200})$/.exec(request.headers.authorization ?? "") ?? [];
  const holder = key === undefined ? null : await findKeyHolder(db, hashKey(key));
  if (holder === null) throw new ServerRefusal({ code: "PLATFORM_KEY_UNKNOWN" });
  // Who is the threat learns nothing more, and not even why.
  if (holder.hostile || holder.keyRevokedAt !== null) throw new ServerRefusal({ code: "PLATFORM_KEY_REVOKED" });
  if (holder.keyExpiresAt === null || Temporal.Instant.compare(holder.keyExpiresAt, now()) <= 0)
    throw new ServerRefusal({ code: "PLATFORM_KEY_EXPIRED" });
  return holder;
}
