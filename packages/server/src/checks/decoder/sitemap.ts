import { gunzipSync } from "node:zlib";
import type { Answers } from "./wire.ts";
import { walkXml } from "./xml.ts";

/** Both from sitemaps.org's protocol: a sitemap holds at most 50,000 addresses and 50 MB unpacked. */
const MOST_PAGES = 50_000;
const MOST_BYTES = 52_428_800;
const MOST_SITEMAPS = 100;
const LONGEST_LINK = 2048;

/** Pages, the newest first, and further sitemaps that a sitemap names, packed by gzip or not; null when it is none, or larger than one may be. */
export function readSitemap(bytes: Buffer): Answers["sitemap"] {
  const xml = unpack(bytes);
  if (xml === null) return null;
  const pages = new Map<string, string>();
  const sitemaps = new Set<string>();
  let isSitemap = false;
  let named = { loc: "", lastmod: "" };
  walkXml(xml, ({ name, text, within }) => {
    if (within.length === 0) isSitemap = name === "urlset" || name === "sitemapindex";
    if (name === "loc" || name === "lastmod") named = { ...named, [name]: text };
    if (name !== "url" && name !== "sitemap") return true;
    const { loc, lastmod } = named;
    named = { loc: "", lastmod: "" };
    if (loc === "" || loc.length > LONGEST_LINK) return true;
    if (name === "url") pages.set(loc, lastmod);
    else if (sitemaps.size < MOST_SITEMAPS) sitemaps.add(loc);
    return pages.size < MOST_PAGES;
  });
  const newestFirst = [...pages].sort(([, a], [, b]) => Number(b > a) - Number(b < a)).map(([page]) => page);
  return isSitemap || pages.size > 0 ? { pages: newestFirst, sitemaps: [...sitemaps] } : null;
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
