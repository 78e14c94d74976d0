import { z } from "zod";
import { type AwsAccess, awsBase } from "./aws.ts";
import { CLOUDFLARE_BASE, type CloudflareAccess } from "./cloudflare.ts";

/** The centre's accounts at services that take reports; null: none, and who carries a place is asked by mail or by hand. */
export type ChannelSettings = { readonly cloudflare: CloudflareAccess | null; readonly aws: AwsAccess | null };

const secret = z.string().min(1).max(500).optional();
const base = z.url().transform((url) => url.replace(/\/$/, ""));

/** Variables about such accounts; part of `config.ts`. */
export const channelEnvironment = {
  JIKIM_CLOUDFLARE_URL: base.default(CLOUDFLARE_BASE),
  JIKIM_CLOUDFLARE_ACCOUNT: secret,
  JIKIM_CLOUDFLARE_TOKEN: secret,
  JIKIM_AWS_URL: base.optional(),
  JIKIM_AWS_REGION: z.enum(["us-east-1", "us-west-2", "eu-west-2"]).default("us-east-1"),
  JIKIM_AWS_ACCESS_KEY_ID: secret,
  JIKIM_AWS_SECRET_ACCESS_KEY: secret,
} as const;

type Variables = { readonly [key in keyof typeof channelEnvironment]?: z.output<(typeof channelEnvironment)[key]> };

/** An account counts only when it was told in full. */
export function readChannelSettings(data: Variables): ChannelSettings {
  const { JIKIM_CLOUDFLARE_ACCOUNT: account, JIKIM_CLOUDFLARE_TOKEN: token } = data;
  const { JIKIM_AWS_ACCESS_KEY_ID: accessKeyId, JIKIM_AWS_SECRET_ACCESS_KEY: secretAccessKey } = data;
  const region = data.JIKIM_AWS_REGION ?? "us-east-1";
  return {
    cloudflare: account && token ? { base: data.JIKIM_CLOUDFLARE_URL ?? CLOUDFLARE_BASE, account, token } : null,
    aws:
      accessKeyId && secretAccessKey
        ? { base: data.JIKIM_AWS_URL ?? awsBase(region), region, accessKeyId, secretAccessKey }
        : null,
  };
}
