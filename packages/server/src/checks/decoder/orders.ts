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
  if (order.kind === "page") return readPage(textOfPage(bytes));
  if (order.kind === "feed") return readFeed(text());
  if (order.kind === "sitemap") return readSitemap(bytes);
  return { allowed: isAllowedByRobots(text(), order) };
}

const MOST_PRESCAN = 1024; // HTML Standard, 13.2.3.2: where a page says how its letters are encoded.

/** The text of a page as it says that it is encoded (Korean boards are still met in EUC-KR); UTF-8 where it says nothing known. */
function textOfPage(bytes: Buffer): string {
  const head = bytes.subarray(0, MOST_PRESCAN).toString("latin1");
  const label = /<meta[^>]{0,200}charset\s{0,9}=\s{0,9}["']?([\w:-]{1,40})/i.exec(head)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return bytes.toString("utf8");
  }
}
