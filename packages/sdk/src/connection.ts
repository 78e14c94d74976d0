import type { z } from "zod";
import { JikimRefusal } from "./refusal.ts";
import { parseJson } from "./verify.ts";
import { errorSchema } from "./wire.ts";

/** How a platform reaches a centre, and whom it believes. */
export type Connection = {
  /** Origin of the centre, such as https://centre.example. */
  readonly url: string;
  /** The platform key, shown once when the centre made it. */
  readonly key: string;
  /** Public half of the centre's offline root, 64 hex digits: pin it, never fetch it. */
  readonly root: string;
};

/** A page of 2,000 puts with 32 fingerprints each stays below. */
const MOST_BYTES = 64 << 20;
const MOST_MS = 30_000;

/** @throws {JikimRefusal} `BAD_OPTIONS`: a key never travels over plain http, but to this machine. */
export function checkConnection({ url, key, root }: Connection): Connection {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isLocal = parsed !== null && /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(parsed.hostname);
  const safe = parsed?.protocol === "https:" || (parsed?.protocol === "http:" && isLocal);
  if (!safe || !/^[0-9a-f]{64}$/.test(root) || !/^[\x21-\x7e]+$/.test(key)) throw new JikimRefusal("BAD_OPTIONS");
  return { url: url.replace(/\/+$/, ""), key, root };
}

/** @throws {JikimRefusal} `UNREACHABLE`, `KEY_REFUSED`, `BAD_ANSWER`. */
export async function get<T>(connection: Connection, path: string, schema: z.ZodType<T>): Promise<T> {
  const { status, body } = await request(connection, path, { method: "GET" });
  const read = status === 200 ? schema.safeParse(parseJson(body)) : null;
  if (!read?.success) throw new JikimRefusal("BAD_ANSWER");
  return read.data;
}

/** `later`: a notice came by mail before the centre had booked it as sent. */
export type Posted = "taken" | "later" | "never";

/** @throws {JikimRefusal} `UNREACHABLE`, `KEY_REFUSED`. */
export async function post(connection: Connection, path: string, content: unknown): Promise<Posted> {
  const headers = { "content-type": "application/json" };
  const { status, body } = await request(connection, path, { method: "POST", headers, body: JSON.stringify(content) });
  if (status < 300) return "taken";
  const said = errorSchema.safeParse(parseJson(body));
  return said.data?.error.code === "NOTICE_NOT_SENT" ? "later" : "never";
}

type Sent = { readonly method: string; readonly headers?: Record<string, string>; readonly body?: string };

async function request(connection: Connection, path: string, sent: Sent): Promise<{ status: number; body: string }> {
  const headers = { ...sent.headers, accept: "application/json", authorization: `Bearer ${connection.key}` };
  const init: RequestInit = { ...sent, headers, redirect: "error", signal: AbortSignal.timeout(MOST_MS) };
  let answer: { status: number; body: string };
  try {
    const response = await fetch(connection.url + path, init);
    answer = { status: response.status, body: await readBounded(response) };
  } catch (failure) {
    if (failure instanceof JikimRefusal) throw failure;
    throw new JikimRefusal("UNREACHABLE");
  }
  if (answer.status === 401 || answer.status === 403) throw new JikimRefusal("KEY_REFUSED");
  if (answer.status === 408 || answer.status === 429 || answer.status >= 500) throw new JikimRefusal("UNREACHABLE");
  return answer;
}

async function readBounded(response: Response): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + finish(decoder);
    bytes += value.length;
    if (bytes > MOST_BYTES) {
      await reader.cancel();
      throw new JikimRefusal("BAD_ANSWER");
    }
    text += finish(decoder, value);
  }
}

function finish(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw new JikimRefusal("BAD_ANSWER");
  }
}
