import { z } from "zod";
import { readPage } from "../page.ts";
import { readFeed } from "./feed.ts";
import { readMedia } from "./media.ts";
import { isAllowedByRobots } from "./robots.ts";
import { readSitemap } from "./sitemap.ts";
import type { Answers, Order } from "./wire.ts";

const orderSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("media") }),
  z.strictObject({ kind: z.literal("page") }),
  z.strictObject({ kind: z.literal("feed") }),
  z.strictObject({ kind: z.literal("sitemap") }),
  z.strictObject({ kind: z.literal("robots"), url: z.string(), agent: z.string() }),
]);

/** Does what was ordered with some bytes. */
export async function answerOrder(asked: unknown, bytes: Buffer): Promise<Answers[Order["kind"]]> {
  const order = orderSchema.parse(asked);
  if (order.kind === "media") return readMedia(bytes);
  const text = () => bytes.toString("utf8");
  if (order.kind === "page") return readPage(text());
  if (order.kind === "feed") return readFeed(text());
  if (order.kind === "sitemap") return readSitemap(bytes);
  return { allowed: isAllowedByRobots(text(), order) };
}
