import { type Channel, type OpenWays, waysTo } from "@jikim/casework";
import type { Config } from "../config.ts";
import type { Database } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { aliveCard } from "../store/dead-address.ts";
import { findPlatform, holdsKey } from "../store/platform.ts";
import type { Recipient } from "../store/recipient.ts";

/** The ways by which notices can leave this centre, the feed aside, which a platform has or has not. */
export function centreWays(config: Config): Omit<OpenWays, "feed"> {
  const { cloudflare, aws } = config.channels;
  return { mails: config.smtp !== null, cloudflare: cloudflare !== null, aws: aws !== null };
}

/** The ways by which a notice leaves for a recipient now; none: it cannot be reached. */
export async function waysOf(
  db: Database,
  { config, now }: Pick<Jikim, "config" | "now">,
  { id, card, deadMail }: Pick<Recipient, "id" | "card" | "deadMail">,
): Promise<readonly Channel[]> {
  return waysTo(aliveCard(card, deadMail, now()), {
    ...centreWays(config),
    feed: holdsKey(await findPlatform(db, id), now()),
  });
}
