import { gunzipSync } from "node:zlib";
import type { Answers } from "./wire.ts";
import { walkXml } from "./xml.ts";

/** Both from sitemaps.org's protocol: a sitemap holds at most 50,000 addresses and 50 MB unpacked. */
const MOST_PAGES = 50_000;
const MOST_BYTES = 52_428_800;
const MOST_SITEMAPS = 100;

/** Pages and further sitemaps that a sitemap names, packed by gzip or not; null when it is none, or larger than one may be. */
export function readSitemap(bytes: Buffer): Answers["sitemap"] {
  const xml = unpack(bytes);
  if (xml === null) return null;
  const pages = new Set<string>();
  const sitemaps = new Set<string>();
  let isSitemap = false;
  walkXml(xml, ({ name, text, within }) => {
    if (within.length === 0) isSitemap = name === "urlset" || name === "sitemapindex";
    const around = within.at(-1);
    if (name === "loc" && text.length <= 2048) {
      if (around === "url") pages.add(text);
      if (around === "sitemap" && sitemaps.size < MOST_SITEMAPS) sitemaps.add(text);
    }
    return pages.size < MOST_PAGES;
  });
  return isSitemap || pages.size > 0 ? { pages: [...pages], sitemaps: [...sitemaps] } : null;
}

function unpack(bytes: Buffer): string | null {
  try {
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const plain = isPacked ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
    return plain.length > MOST_BYTES ? null : plain.toString("utf8");
  } catch {
    return null;
  }
}
