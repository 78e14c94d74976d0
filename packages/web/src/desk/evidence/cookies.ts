import type { captures } from "@jikim/server/contract";

type Cookie = NonNullable<captures.CapturePost["session"]>["cookies"][number];

/** Beyond this, it is not the cookies of one room. */
const MOST_COOKIES = 100;

/**
 * Reads a cookies.txt as browsers' extensions write it (the format of Netscape's cookie file, as in curl's HTTP-COOKIES: seven columns between
 * tabs: domain, subdomains, path, secure, expiry, name, value). Null when no line of it is one, or when there are too many.
 */
export function readCookies(text: string): Cookie[] | null {
  const cookies = text.split(/\r?\n/).flatMap((line): Cookie[] => {
    const [domain = "", , path = "/", , , name = "", value] = line.replace(/^#HttpOnly_/, "").split("\t");
    if (line.startsWith("# ") || value === undefined || name === "" || domain === "") return [];
    return [{ name, value, domain, path: path.startsWith("/") ? path : "/" }];
  });
  return cookies.length === 0 || cookies.length > MOST_COOKIES ? null : cookies;
}
