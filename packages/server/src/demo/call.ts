/** A request to a running Jikim, as a browser would make it. */
export type Call = {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** Such as `Return <token>`. */
  readonly authorization?: string;
  /** The session cookie of a signed-in person. */
  readonly cookie?: string;
};

/** A route answered with an error. Holds the code and status only: never what was sent. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly status: number;
  readonly code: string;
  constructor(path: string, status: number, code: string) {
    super(`${path}: ${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

/** The JSON answer of a route, and the cookie it set. @throws {CallFailed} */
export async function call<T>(
  origin: string,
  made: Call,
): Promise<{ readonly json: T; readonly cookie: string | null }> {
  const headers: Record<string, string> = { origin, "x-jikim": "desk" };
  if (made.body !== undefined) headers["content-type"] = "application/json";
  if (made.authorization !== undefined) headers.authorization = made.authorization;
  if (made.cookie !== undefined) headers.cookie = made.cookie;
  const response = await fetch(origin + made.path, {
    method: made.method ?? (made.body === undefined ? "GET" : "POST"),
    headers,
    ...(made.body === undefined ? {} : { body: JSON.stringify(made.body) }),
  });
  const text = await response.text();
  const json: unknown = text === "" ? null : JSON.parse(text);
  if (!response.ok) throw new CallFailed(made.path, response.status, errorCode(json));
  return { json: json as T, cookie: response.headers.get("set-cookie")?.split(";")[0] ?? null };
}

function errorCode(json: unknown): string {
  const error = typeof json === "object" && json !== null && "error" in json ? json.error : null;
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "UNKNOWN";
}
