import { request } from "undici";

/** One request to a service outside. */
export type Errand = {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

/**
 * What a service said. `json` null: it was no JSON, or too long to be read. not-reached: it surely got nothing · unknown: it may have
 * got the request, and its answer never came.
 */
export type Said =
  | { readonly status: number; readonly errorType: string | null; readonly json: unknown }
  | { readonly failed: "not-reached" | "unknown" };

const MOST_BYTES = 64 << 10;
/** Well below the time after which a try counts as lost. */
const MOST_MILLISECONDS = 30_000;

/** Errors before anything of the request was written: no address, no connection, no trusted certificate. */
const BEFORE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|\w*CERT\w*)$/;

/** Asks once: no redirect is followed, no connection used twice, and the answer is bounded in bytes and time. */
export async function ask({ method, url, headers, body }: Errand): Promise<Said> {
  try {
    const signal = AbortSignal.timeout(MOST_MILLISECONDS);
    const answer = await request(url, { method, body, headers, reset: true, signal });
    const errorType = answer.headers["x-amzn-errortype"];
    const json = parsed(await bounded(answer.body));
    return { status: answer.statusCode, errorType: typeof errorType === "string" ? errorType : null, json };
  } catch (error) {
    return { failed: BEFORE.test(codeOf(error)) ? "not-reached" : "unknown" };
  }
}

async function bounded(body: AsyncIterable<Buffer>): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
