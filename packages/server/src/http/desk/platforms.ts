import { randomBytes } from "node:crypto";
import {
  type Platform,
  platformChangeSchema,
  platformCreatedSchema,
  platformPostSchema,
  platformsSchema,
} from "../../contract/desk.ts";
import { emptySchema } from "../../contract.ts";
import { stopHostile } from "../../notices/hostile.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findPlatforms, insertPlatform, type Platform as Known, revokeKey } from "../../store/platform.ts";
import { findRecipient, markHostile } from "../../store/recipient.ts";
import { CASE_ROLES } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { hashKey } from "../platform/access.ts";
import { requireSession } from "../session-guard.ts";

import { idSchema } from "./cases.ts";

/** Platforms: who takes the list and notices. Admin makes them; a key is shown once and kept as a hash. */
export const platformRoutes: Routes = (app, jikim) => {
  const { db, now, vault } = jikim;
  const reading = requireSession(jikim, ...CASE_ROLES, "admin");
  const listing = { onRequest: reading, schema: { response: { 200: platformsSchema } } };
  app.get("/api/desk/platforms", listing, async () => (await findPlatforms(db, vault)).map(showPlatform));
  const making = { body: platformPostSchema, response: { 200: platformCreatedSchema } };
  app.post("/api/desk/platforms", { onRequest: requireSession(jikim, "admin"), schema: making }, async (request) => {
    const { api, ...platform } = request.body;
    const expiresAt = api === null ? null : Temporal.Instant.from(api.expiresAt);
    if (expiresAt !== null && Temporal.Instant.compare(expiresAt, now()) <= 0)
      throw new ServerRefusal({ code: "EXPIRY_PAST" });
    const key = expiresAt === null ? null : `jikim_${randomBytes(32).toString("base64url")}`;
    const keyHash = key === null ? null : hashKey(key);
    const id = await insertPlatform(db, vault, { ...platform, keyHash, expiresAt }, now());
    const made = (await findPlatforms(db, vault)).find((one) => one.id === id);
    if (made === undefined) throw new ServerRefusal({ code: "PLATFORM_NAME_TAKEN" });
    return { platform: showPlatform(made), key };
  });
  // Whoever works on cases may say that an operator is the threat; keys are the admin's.
  const changing = { params: idSchema, body: platformChangeSchema, response: { 200: emptySchema } };
  const options = { onRequest: requireSession(jikim, "admin", "supervisor"), schema: changing };
  app.post("/api/desk/platforms/:id", options, async (request) => {
    const { hostile, revokeKey: revoking } = request.body;
    const { id } = request.params;
    if ((await findRecipient(db, vault, id)) === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    if (hostile !== undefined) await markHostile(db, id, hostile);
    if (hostile) await stopHostile(jikim);
    if (revoking && !(await revokeKey(db, id, now()))) throw new ServerRefusal({ code: "NOT_FOUND" });
    return {};
  });
};

function showPlatform({ id, card, hosts, hostile, keys }: Known): Platform {
  const { keyExpiresAt, keyRevokedAt, lastSeenAt, listNumber } = keys;
  const key = keyExpiresAt && {
    expiresAt: keyExpiresAt.toString(),
    revoked: keyRevokedAt !== null,
    lastSeenAt: lastSeenAt?.toString() ?? null,
    listNumber,
  };
  return { id, name: card.name.ko, hosts: [...hosts], mail: card.mail, language: card.language, hostile, key };
}
