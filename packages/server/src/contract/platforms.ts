import { z } from "zod";
import { instantSchema, languageSchema } from "./common.ts";

/** Platforms: recipients of the list and of notices. GET /api/desk/platforms, POST (admin): the key is shown once. */
export const platformSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  /** Hosts whose pages this platform answers for, such as "board.example". */
  hosts: z.array(z.string()),
  mail: z.string().nullable(),
  language: languageSchema,
  hostile: z.boolean(),
  /** null without API access. */
  key: z
    .strictObject({
      expiresAt: instantSchema,
      revoked: z.boolean(),
      lastSeenAt: instantSchema.nullable(),
      listNumber: z.int().nullable(),
    })
    .nullable(),
});
export type Platform = z.infer<typeof platformSchema>;
export const platformsSchema = z.array(platformSchema);
export const platformPostSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  hosts: z.array(z.string().trim().min(1).max(253)).max(50),
  mail: z.email().max(254).nullable(),
  language: languageSchema,
  api: z.strictObject({ expiresAt: instantSchema }).nullable(),
});
export type PlatformPost = z.infer<typeof platformPostSchema>;
export const platformCreatedSchema = z.strictObject({ platform: platformSchema, key: z.string().nullable() });
export type PlatformCreated = z.infer<typeof platformCreatedSchema>;
/** POST /api/desk/platforms/:id */
export const platformChangeSchema = z.strictObject({
  hostile: z.boolean().optional(),
  revokeKey: z.literal(true).optional(),
});
