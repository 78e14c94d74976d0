import type { Sight } from "@jikim/casework";
import type { Answers } from "./decoder/wire.ts";
import { isSamePlace } from "./fetch.ts";

/** Other hosts that a page leads to at least, for us to believe that it holds results and is no question, error or sign-in. */
const LEAST_HOSTS = 3;

/** Looks for links in a page of search results, also where the engine leads to them by way of itself. */
export function seeResults(
  page: Answers["page"],
  of: { readonly at: URL; readonly targets: readonly string[] },
): Extract<Sight, "there" | "absent" | "unclear"> {
  const targets = of.targets.filter((target) => URL.canParse(target)).map((target) => new URL(target));
  if (targets.length === 0) return "unclear";
  const engine = of.at.hostname.split(".").slice(-2).join(".");
  const found = page.links.flatMap((link) => linksIn(link, of.at));
  const others = found.filter(({ hostname }) => !`.${hostname}`.endsWith(`.${engine}`));
  if (found.some((link) => targets.some((target) => isSamePlace(target, link)))) return "there";
  const hosts = new Set(others.map(({ hostname }) => hostname));
  return hosts.size >= LEAST_HOSTS && !page.shell ? "absent" : "unclear";
}

/** A link and the addresses that stand in its parameters, plain or (at Bing) in base64 behind `a1`. */
function linksIn(link: string, at: URL): URL[] {
  if (!URL.canParse(link, at)) return [];
  const url = new URL(link, at);
  const inside = [...url.searchParams.values()].flatMap((value) => [
    value,
    ...(value.startsWith("a1") ? [Buffer.from(value.slice(2), "base64url").toString("utf8")] : []),
  ]);
  const isWeb = (text: string) => /^https?:\/\//i.test(text) && URL.canParse(text);
  return [url, ...inside.filter(isWeb).map((text) => new URL(text))].filter(({ protocol }) =>
    /^https?:$/.test(protocol),
  );
}
