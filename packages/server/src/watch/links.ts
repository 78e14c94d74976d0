import { isSearch, readPlace } from "@jikim/casework";
import type { SourceKind } from "../database.ts";
import type { Visitor } from "./visit.ts";

/** Pages that something leads to, each once in its cleaned form. */
export type Links = { readonly pages: readonly string[]; readonly sitemaps: readonly string[] };

/** Pages of a list or of search results that are followed. */
const MOST_FOLLOWED = { page: 300, search: 50, feed: 2000, sitemap: 50_000 } as const;

type Read = { readonly body: Buffer; readonly url: URL };

/** What a source of some kind leads to; null when it is not of that kind. */
export async function linksOf(kind: SourceKind, read: Read, { decoder, signal }: Visitor): Promise<Links | null> {
  const most = MOST_FOLLOWED[kind];
  if (kind === "feed") {
    const feed = await decoder.decode({ kind: "feed" }, read.body, signal).catch(() => null);
    return feed && { pages: clean([...feed.links, ...feed.pictures], read.url).slice(0, most), sitemaps: [] };
  }
  if (kind === "sitemap") return sitemapLinks(read, { decoder, signal });
  const page = await decoder.decode({ kind: "page" }, read.body, signal).catch(() => null);
  if (page === null) return null;
  const found = clean(page.links, read.url).filter((link) => link !== read.url.href);
  const isOwn = (link: string) => new URL(link).host === read.url.host;
  // A list leads to its own posts; results lead elsewhere.
  const pages = kind === "page" ? found.filter(isOwn) : found.filter((link) => !isOwn(link) && !isOfSearch(link));
  return { pages: pages.slice(0, most), sitemaps: [] };
}

/** What a sitemap names, of its own host alone: it speaks for no other (sitemaps.org, location of the file). */
export async function sitemapLinks(
  read: Read,
  { decoder, signal }: Pick<Visitor, "decoder" | "signal">,
): Promise<Links | null> {
  const sitemap = await decoder.decode({ kind: "sitemap" }, read.body, signal).catch(() => null);
  if (sitemap === null) return null;
  const own = (links: readonly string[]) =>
    clean(links, read.url).filter((link) => new URL(link).host === read.url.host);
  return { pages: own(sitemap.pages), sitemaps: own(sitemap.sitemaps) };
}

function isOfSearch(link: string): boolean {
  return isSearch({ kind: "url", text: link });
}

/** Addresses in the cleaned form in which places are kept, also those that stand in the parameters of a link by way of a search engine. */
function clean(links: readonly string[], base: URL): string[] {
  const cleaned = new Set<string>();
  for (const link of links) {
    if (!URL.canParse(link, base)) continue;
    const url = new URL(link, base);
    const inside = [...url.searchParams.values()].find((value) => /^https?:\/\//i.test(value) && URL.canParse(value));
    const text = url.host === base.host && inside !== undefined ? inside : url.href;
    const place = /^https?:/i.test(text) ? readPlace(text) : null;
    if (place?.kind === "url") cleaned.add(place.text);
  }
  return [...cleaned];
}
