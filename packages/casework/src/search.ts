import type { PlaceAddress } from "./place.ts";

/** Search engines by host, path, and the parameter that holds what is searched for, each as its own pages write it. */
const ENGINES: readonly { readonly host: RegExp; readonly path: RegExp; readonly asks: readonly string[] }[] = [
  { host: /^(www\.|images\.)?google\.(com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})$/, path: /^\/search$/, asks: ["q"] },
  { host: /^(www\.|[a-z]{2}\.)?bing\.com$/, path: /^\/((images|videos)\/)?search$/, asks: ["q"] },
  { host: /^(m\.)?search\.naver\.com$/, path: /^\/(search|p)/, asks: ["query"] },
  { host: /^(m\.)?search\.daum\.net$/, path: /^\/search$/, asks: ["q"] },
  { host: /^((www|html|lite)\.)?duckduckgo\.com$/, path: /^\/(html\/?|lite\/?)?$/, asks: ["q"] },
  { host: /^(www\.)?yandex\.(com|ru|kz|com\.tr)$/, path: /^\/(images\/)?search/, asks: ["text"] },
  { host: /^([a-z]{2}\.)?(images\.)?search\.yahoo\.(com|co\.jp)$/, path: /^\/(image\/)?search/, asks: ["p"] },
  { host: /^(www|image)\.baidu\.com$/, path: /^\/(s|search\/)/, asks: ["wd", "word"] },
  { host: /^search\.brave\.com$/, path: /^\/(search|images)$/, asks: ["q"] },
  { host: /^(www\.)?ecosia\.org$/, path: /^\/(search|images)$/, asks: ["q"] },
];

/** Whether a place is a page of search results: what it leads to is removed elsewhere, or taken out of the results. */
export function isSearch(address: PlaceAddress): boolean {
  if (address.kind !== "url" || !URL.canParse(address.text)) return false;
  const { hostname, pathname, searchParams } = new URL(address.text);
  return ENGINES.some(
    ({ host, path, asks }) =>
      host.test(hostname) && path.test(pathname) && asks.some((name) => (searchParams.get(name) ?? "") !== ""),
  );
}
