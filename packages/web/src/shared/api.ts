/** The server said no. `message` is safe to show; `code` decides what the page does. */
export class ApiRefusal extends Error {
  override readonly name = "ApiRefusal";
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** No answer came: no network, or the server is not there. What was asked may or may not have happened. */
export class NetworkLost extends Error {
  override readonly name = "NetworkLost";
}

export type Ask = {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/**
 * Asks our own server. The answer's shape is the contract's (`@jikim/server/contract`), which the server checks before it sends;
 * what must not be believed of a server (certificates, sealed documents) is verified where it is used.
 *
 * @param path  begins with `/api/`.
 * @throws {ApiRefusal} for `{"error":{code,message}}` and any other status over 399.
 * @throws {NetworkLost} when no answer came.
 */
export async function ask<T>(
  path: `/api/${string}`,
  { method = "GET", body, headers = {}, signal }: Ask = {},
): Promise<T> {
  const sent: RequestInit = {
    method,
    headers: {
      // The server says no in the language on screen.
      "accept-language": document.documentElement.lang,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    referrerPolicy: "no-referrer",
  };
  if (body !== undefined) sent.body = JSON.stringify(body);
  if (signal !== undefined) sent.signal = signal;
  const response = await fetch(path, sent).catch(() => {
    throw new NetworkLost();
  });
  const text = await response.text().catch(() => {
    throw new NetworkLost();
  });
  const value: unknown = parse(text);
  if (!response.ok) throw refusalOf(response.status, value);
  if (value === undefined && text !== "") throw new NetworkLost();
  return value as T;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the server said no with; `value` is the parsed body. */
export function refusalOf(status: number, value: unknown): ApiRefusal {
  const error = typeof value === "object" && value !== null && "error" in value ? value.error : null;
  if (typeof error === "object" && error !== null && "code" in error && "message" in error)
    return new ApiRefusal(status, String(error.code), String(error.message));
  return new ApiRefusal(status, status >= 500 ? "SERVER_TROUBLE" : "REFUSED", "");
}
