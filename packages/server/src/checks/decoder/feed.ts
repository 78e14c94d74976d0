import type { Answers } from "./wire.ts";
import { walkXml } from "./xml.ts";

const MOST_ENTRIES = 2000;

/** Links and pictures that an RSS 2.0 or Atom (RFC 4287) feed names; null when it is neither. */
export function readFeed(xml: string): Answers["feed"] {
  const links = new Set<string>();
  const pictures = new Set<string>();
  let isFeed = false;
  walkXml(xml, ({ name, text, attributes, within }) => {
    if (within.length === 0 && (name === "rss" || name === "feed" || name === "rdf")) isFeed = true;
    const { href, url, type = "", rel = "alternate", medium } = attributes;
    const isEntry = within.some((one) => one === "item" || one === "entry");
    if (isEntry && name === "link") put(links, rel === "alternate" ? (href ?? text) : undefined);
    if (isEntry && name === "link" && rel === "enclosure" && type.startsWith("image/")) put(pictures, href);
    if (isEntry && name === "enclosure" && type.startsWith("image/")) put(pictures, url);
    if (isEntry && name === "content" && (medium === "image" || type.startsWith("image/"))) put(pictures, url);
    if (isEntry && name === "thumbnail") put(pictures, url);
    return links.size < MOST_ENTRIES && pictures.size < MOST_ENTRIES;
  });
  return isFeed || links.size > 0 ? { links: [...links], pictures: [...pictures] } : null;
}

function put(into: Set<string>, address: string | undefined): void {
  if (address !== undefined && address !== "" && address.length <= 2048) into.add(address);
}
