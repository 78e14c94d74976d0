import type { Readable, Transform } from "node:stream";
import { createBrotliDecompress, createInflate, createUnzip } from "node:zlib";
import { type Agent, request } from "undici";
import { NameMissing } from "./connect.ts";
import { ProxyDown } from "./tunnel.ts";

/** What one address answered. `moved`: another place than the one asked for answered in the end. */
export type Answered = {
  readonly status: number;
  readonly url: URL;
  readonly moved: boolean;
  /** Media type without parameters, lowercase. */
  readonly type: string;
  /** null when it was not asked for, or not sent again (304). */
  readonly body: Buffer | null;
  /** What a later look may ask with, whether it changed (RFC 9110, 13); null when the server gave none, or another place answered. */
  readonly validators: Validators | null;
};

export type Validators = { readonly etag: string | null; readonly lastModified: string | null };

/**
 * no-name: the host asked for has no address that may be reached · no-way: the proxy to look through is down · unwelcome: `isWelcome`
 * said no.
 */
export type FetchFailure =
  | ("not-web" | "unreachable" | "too-many-redirects" | "too-large" | "block-page")
  | ("no-name" | "no-way" | "unwelcome");
export type Fetched = Answered | { readonly failed: FetchFailure };

export type Errand = {
  readonly pool: Agent;
  readonly mostBytes: number;
  /** For films, when they may be larger. */
  readonly mostFilmBytes?: number;
  /** Asks only for what changed since; 304 answers that nothing did. */
  readonly since?: Validators | null;
  /** HEAD: the server is asked for no body, so that none is sent: a small picture would arrive whole before it could be cut off. */
  readonly method: "GET" | "HEAD";
  readonly signal: AbortSignal;
  /** Asked before each address is fetched, also of those that a redirect leads to. */
  readonly isWelcome?: (url: URL) => Promise<boolean>;
};

/** True, and says nothing of who asks: a centre's name would tell whoever reads the log for whom it asks. */
export const USER_AGENT = "Mozilla/5.0 (compatible; LinkCheck/1.0)";
/** Our name in robots.txt. */
export const ROBOTS_AGENT = "linkcheck";

const MOST_REDIRECTS = 5;
/** Korea's block page; providers redirect to it in place of the answer (www.warning.or.kr, run for the review board and the police). */
const BLOCK_PAGES: ReadonlySet<string> = new Set(["warning.or.kr", "www.warning.or.kr"]);

/**
 * Looks at one address: http or https, at most five redirects, each of them checked like the first, bounded in bytes and time.
 * Sends no cookie and no referrer.
 */
export async function look(address: string, errand: Errand): Promise<Fetched> {
  const asked = webAddress(address);
  let url = asked;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    if (url === null || asked === null) return { failed: "not-web" };
    if (BLOCK_PAGES.has(url.hostname)) return { failed: "block-page" };
    if (errand.isWelcome !== undefined && !(await errand.isWelcome(url))) return { failed: "unwelcome" };
    const since = hop === 0 ? errand.since : null;
    const at = url;
    const answer = await ask(url, { ...errand, since: since ?? null }).catch((error: unknown) => ({
      failed: isSamePlace(asked, at) ? failureOf(error) : ("unreachable" as const),
    }));
    if ("failed" in answer) return answer;
    if (!("location" in answer)) {
      const validators = hop === 0 ? answer.validators : null;
      return { ...answer, url, moved: !isSamePlace(asked, url), validators };
    }
    url = webAddress(answer.location, url);
  }
  return { failed: "too-many-redirects" };
}

/** Whatever else went wrong, the host did not answer. */
function failureOf(error: unknown): FetchFailure {
  if (error instanceof NameMissing) return "no-name";
  return error instanceof ProxyDown ? "no-way" : "unreachable";
}

function webAddress(text: string, base?: URL): URL | null {
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  return url.protocol === "http:" || url.protocol === "https:" ? url : null;
}

/** The same page under https, with or without www., with or without a slash at its end. */
export function isSamePlace(asked: URL, answered: URL): boolean {
  const plain = ({ host, pathname, search }: URL) =>
    `${host.replace(/^www\./, "")}${pathname.replace(/\/$/, "")}${search}`;
  return plain(asked) === plain(answered);
}

type Said = Omit<Answered, "url" | "moved"> | { readonly location: string } | { readonly failed: FetchFailure };

async function ask(url: URL, errand: Errand): Promise<Said> {
  const { pool, mostBytes, mostFilmBytes = mostBytes, method, signal, since } = errand;
  const headers = {
    accept: "text/html,application/xhtml+xml,image/*,*/*;q=0.8",
    "accept-encoding": "gzip, deflate, br",
    "user-agent": USER_AGENT,
    ...(since?.etag ? { "if-none-match": since.etag } : {}),
    ...(since?.lastModified ? { "if-modified-since": since.lastModified } : {}),
  };
  const { statusCode: status, headers: said, body } = await request(url, { method, dispatcher: pool, headers, signal });
  // A body that is not read to its end ends with an error, which says nothing new.
  body.on("error", () => undefined);
  const location = textOf(said.location);
  if (status >= 300 && status < 400 && status !== 304 && location !== "") {
    body.destroy();
    return { location };
  }
  const type = textOf(said["content-type"]).split(";")[0]?.trim().toLowerCase() ?? "";
  const validators = validatorsOf(textOf(said.etag), textOf(said["last-modified"]));
  if (method === "HEAD" || status === 304) {
    body.destroy();
    return { status, type, body: null, validators };
  }
  const most = type.startsWith("video/") ? mostFilmBytes : mostBytes;
  const bytes = await readBounded(body, textOf(said["content-encoding"]), most);
  return bytes === null ? { failed: "too-large" } : { status, type, body: bytes, validators };
}

const LONGEST_VALIDATOR = 256;

/** Only what can be sent back as it came. */
function validatorsOf(etag: string, lastModified: string): Validators | null {
  const plain = (text: string) => (/^[\x20-\x7e]+$/.test(text) && text.length <= LONGEST_VALIDATOR ? text : null);
  const validators = { etag: plain(etag), lastModified: plain(lastModified) };
  return validators.etag === null && validators.lastModified === null ? null : validators;
}

function textOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? "";
}

/** The body, decompressed as it comes; null when it grows beyond the bound, which ends it at once. */
async function readBounded(body: Readable, encoding: string, mostBytes: number): Promise<Buffer | null> {
  const decoder = decoderOf(encoding);
  const stream = decoder === null ? body : body.pipe(decoder);
  if (decoder !== null) body.once("error", (error) => decoder.destroy(error));
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of stream as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > mostBytes) return null;
      parts.push(part);
    }
    return Buffer.concat(parts);
  } finally {
    body.destroy();
  }
}

/** @throws when it is encoded in a way we did not ask for: what we cannot read is unreachable. */
function decoderOf(encoding: string): Transform | null {
  const name = encoding.trim().toLowerCase();
  if (name === "" || name === "identity") return null;
  if (name === "gzip" || name === "x-gzip") return createUnzip();
  if (name === "deflate") return createInflate();
  if (name === "br") return createBrotliDecompress();
  throw new Error("an encoding that was not asked for");
}
