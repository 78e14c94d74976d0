import type { IncomingHttpHeaders } from "node:http";
import type { SessionCookie } from "./record.ts";

/**
 * The session of an account that the centre owns. It lives in the proxy alone: the browser never has it, a page cannot read it, and what is
 * written down has a mark in its place.
 */
export type Session = {
  readonly isUsed: boolean;
  /** What to send as `Cookie`, with what the browser would send by itself; null when there is nothing. */
  cookiesFor(url: URL, headers: IncomingHttpHeaders): string | null;
  /** Notes secrets that the site or the page made during the session, so that they are hidden as well. */
  learn(headers: IncomingHttpHeaders): void;
  /** Takes the session's secrets out of a text. */
  hide(text: string): string;
};

export const HIDDEN = "jikim-redacted";
/** Headers that are never written down, with or without a session. */
export const SECRET_HEADERS =
  /^(cookie|set-cookie|set-cookie2|authorization|proxy-authorization|x-csrf-token|x-xsrf-token)$/;
/** A shorter value is no secret, and would be found in ordinary words. */
const SHORTEST = 6;

export function openSession(cookies: readonly SessionCookie[]): Session {
  const secrets = new Set<string>();
  const note = (value: string) => {
    if (value.length < SHORTEST) return;
    for (const form of [value, encodeURIComponent(value), decoded(value)])
      if (form.length >= SHORTEST) secrets.add(form);
  };
  for (const { value } of cookies) note(value);
  return {
    isUsed: cookies.length > 0,
    cookiesFor(url, headers) {
      const own = headers.cookie ?? null;
      if (!isOfTheSite(url, headers)) return own;
      const names = new Set((own ?? "").split(/;\s*/).map((pair) => pair.split("=", 1)[0]));
      const ours = cookies.filter((cookie) => belongs(cookie, url) && !names.has(cookie.name));
      const all = [...(own === null ? [] : [own]), ...ours.map(({ name, value }) => `${name}=${value}`)];
      return all.length === 0 ? null : all.join("; ");
    },
    learn(headers) {
      if (cookies.length === 0) return;
      for (const line of headers["set-cookie"] ?? []) note((line.split(";", 1)[0] ?? "").replace(/^[^=]*=/, ""));
      const { authorization } = headers;
      if (authorization !== undefined) note(authorization.replace(/^\w+\s+/, ""));
    },
    hide(text) {
      let left = text;
      for (const secret of secrets) left = left.replaceAll(secret, HIDDEN);
      return left;
    },
  };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Domain and path as RFC 6265 (5.1.3, 5.1.4) has them, but that only a leading dot stands for what is below. */
function belongs({ domain, path, secure }: SessionCookie, url: URL): boolean {
  const host = url.hostname.toLowerCase();
  const named = domain.toLowerCase();
  const isHost = named.startsWith(".") ? host === named.slice(1) || host.endsWith(named) : host === named;
  const isPath = url.pathname === path || url.pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
  return isHost && isPath && (!secure || url.protocol === "https:");
}

/** A page of another site must not act with the session (as SameSite=Strict): it could leave the room or write in it. */
function isOfTheSite(url: URL, headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site !== "cross-site";
  const from = headers.origin ?? headers.referer;
  return from === undefined || URL.parse(String(from))?.hostname === url.hostname;
}
