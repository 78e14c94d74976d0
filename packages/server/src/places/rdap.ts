import type { Readable } from "node:stream";
import { type Agent, request } from "undici";
import { parse } from "./bootstrap.ts";
import type { RdapObject } from "./entity.ts";
import { isRecord } from "./jcard.ts";

/** Why an answer of a directory cannot be used. */
export type Trouble = "not-allowed" | "unreachable" | "failed" | "not-rdap" | "too-large" | "malformed" | "loop";

/** What a directory said. none: it does not know the object · later: it, or we, want a pause. */
export type Reply =
  | { readonly kind: "found"; readonly object: RdapObject; readonly url: string }
  | { readonly kind: "none" }
  | { readonly kind: "later"; readonly at: Temporal.Instant }
  | { readonly kind: "cannot-tell"; readonly trouble: Trouble };

/** How directories are reached. */
export type Access = {
  /** Refuses private addresses, also those that a redirect or a name leads to. */
  readonly pool: Agent;
  /** Protocols that may be spoken: "https:" alone but in tests. */
  readonly protocols: readonly string[];
  /** Counts a request to a server; when it was asked too often, the moment from which it may be asked again. */
  readonly takeTurn: (server: string) => Promise<Temporal.Instant | null>;
  /** Leaves a server alone for some seconds. @returns until when. */
  readonly leaveAlone: (server: string, seconds: number) => Promise<Temporal.Instant>;
  readonly signal: AbortSignal;
};

const MOST_REDIRECTS = 5;
/** Bytes of an answer; the largest that registries are known to give have about 100,000. */
const MOST_BYTES = 1 << 20;
const ASK_MS = 20_000;
/** Media types: RFC 7480, 4.2; several registries send plain JSON. */
const TYPES: ReadonlySet<string> = new Set(["application/rdap+json", "application/json"]);

/**
 * Asks a directory for one object (RFC 7480): redirects are followed to other directories, at most five of them and none twice.
 * Bounded in bytes and time; never throws for what a stranger did.
 */
export async function askDirectory(address: string, access: Access): Promise<Reply> {
  const seen = new Set<string>();
  let url = allowed(address, access);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    if (url === null) return cannotTell("not-allowed");
    if (seen.has(url.href)) return cannotTell("loop");
    seen.add(url.href);
    const wait = await access.takeTurn(url.host);
    if (wait !== null) return { kind: "later", at: wait };
    const answer = await fetchBounded(url, access, { accept: "application/rdap+json, application/json;q=0.9" });
    if (answer === null) return cannotTell("unreachable");
    if (!("location" in answer)) return read(answer, url, access);
    url = allowed(answer.location, access, url);
  }
  return cannotTell("loop");
}

function allowed(text: string, { protocols }: Access, base?: URL): URL | null {
  if (text.length > 4096 || !URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  url.hash = "";
  return protocols.includes(url.protocol) && url.username === "" && url.password === "" ? url : null;
}

async function read(answer: Fetched, url: URL, access: Access): Promise<Reply> {
  const { status, type, retryAfter, body } = answer;
  if (status === 404) return { kind: "none" }; // RFC 7480, 5.3
  // RFC 7480, 5.5; a server that is overloaded says it with 503 as well.
  if (status === 429 || (status === 503 && retryAfter !== null))
    return { kind: "later", at: await access.leaveAlone(url.host, retryAfter ?? PAUSE_SECONDS) };
  if (status !== 200) return cannotTell("failed");
  if (!TYPES.has(type)) return cannotTell("not-rdap");
  if (body === null) return cannotTell("too-large");
  const object = parse(body);
  return isRecord(object) ? { kind: "found", object, url: url.href } : cannotTell("malformed");
}

function cannotTell(trouble: Trouble): Reply {
  return { kind: "cannot-tell", trouble };
}

export type Fetched = {
  readonly status: number;
  readonly type: string;
  readonly etag: string | null;
  /** Seconds, when the server said when to come again. */
  readonly retryAfter: number | null;
  /** Null when it grew beyond the bound. */
  readonly body: string | null;
};

/** One request without following. Null when nothing came back in time. */
export async function fetchBounded(
  url: URL,
  { pool, signal }: Pick<Access, "pool" | "signal">,
  headers: Readonly<Record<string, string>>,
): Promise<Fetched | { readonly location: string } | null> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]);
  const sent = { "accept-encoding": "identity", "user-agent": "Mozilla/5.0 (compatible)", ...headers };
  try {
    const {
      statusCode: status,
      headers: said,
      body,
    } = await request(url, { dispatcher: pool, headers: sent, signal: inTime });
    // A body that is not read to its end ends with an error, which says nothing new.
    body.on("error", () => undefined);
    const header = (name: string) => [said[name]].flat()[0] ?? "";
    if (status >= 300 && status < 400 && header("location") !== "") {
      body.destroy();
      return { location: header("location") };
    }
    const type = header("content-type").split(";")[0]?.trim().toLowerCase() ?? "";
    const etag = header("etag") === "" ? null : header("etag").slice(0, 200);
    const retryAfter = secondsOf(header("retry-after"));
    return { status, type, etag, retryAfter, body: await readText(body, header("content-encoding")) };
  } catch {
    return null;
  }
}

/** Pause when a server gives no time of its own; ours. */
const PAUSE_SECONDS = 600;
const LONGEST_PAUSE_SECONDS = 86_400;

/** Retry-After of RFC 9110, 10.2.3 in seconds; a moment is counted as the usual pause, since the two clocks may differ. */
function secondsOf(text: string): number | null {
  if (text === "") return null;
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) : PAUSE_SECONDS;
  return Math.min(Math.max(seconds, 1), LONGEST_PAUSE_SECONDS);
}

/** @throws when it is encoded though we asked for none: what we cannot read is unreachable. */
async function readText(body: Readable, encoding: string): Promise<string | null> {
  if (encoding !== "" && encoding !== "identity") throw new Error("an encoding that was not asked for");
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > MOST_BYTES) return null;
      parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
  } finally {
    body.destroy();
  }
}
