import { readFileSync } from "node:fs";
import { certificatesIn } from "@jikim/evidence/timestamp";
import { z } from "zod";

/** A timestamp authority (RFC 3161) and what must hold for its answers to be believed. */
export type TimestampSettings = {
  readonly url: string;
  /** Certificates of its root, PEM. */
  readonly roots: string;
  /** Object identifier of the policy asked for; null takes any. */
  readonly policy: string | null;
};

/** Variables about the timestamp authority; part of `config.ts`. */
export const timestampEnvironment = {
  JIKIM_TIMESTAMP_URL: z.url({ protocol: /^https?$/ }).optional(),
  JIKIM_TIMESTAMP_ROOTS: z.string().min(1).optional(),
  JIKIM_TIMESTAMP_POLICY: z
    .string()
    .regex(/^[0-2](\.(0|[1-9]\d{0,15})){2,20}$/)
    .optional(),
} as const;

/** Null: packs are sealed without a timestamp. @throws when only told in part, or the file holds no certificate; the text names the variable. */
export function readTimestampSettings(
  data: z.output<z.ZodObject<typeof timestampEnvironment>>,
): TimestampSettings | null {
  const { JIKIM_TIMESTAMP_URL: url, JIKIM_TIMESTAMP_ROOTS: path, JIKIM_TIMESTAMP_POLICY: policy = null } = data;
  if (url === undefined && path === undefined) return null;
  if (url === undefined || path === undefined)
    throw new Error("Timestamps need JIKIM_TIMESTAMP_URL and JIKIM_TIMESTAMP_ROOTS together");
  const roots = readRoots(path);
  if (roots === null)
    throw new Error("The environment is not usable: JIKIM_TIMESTAMP_ROOTS names no file of PEM certificates");
  return { url, roots, policy };
}

function readRoots(path: string): string | null {
  try {
    const text = readFileSync(path, "utf8");
    return certificatesIn(text).length > 0 ? text : null;
  } catch {
    return null;
  }
}
