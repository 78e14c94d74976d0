import type { FastifyRequest } from "fastify";
import type { Config } from "../config.ts";

const NAME = "jikim-session";
export const SESSION_HOURS = 12;

/** The cookie that carries a session's token; scripts cannot read it, and other sites cannot make a browser send it. */
export function sessionCookie(token: string, config: Config): string {
  return cookie(token, SESSION_HOURS * 3600, config);
}

/** Makes the browser forget the session. */
export function noCookie(config: Config): string {
  return cookie("", 0, config);
}

function cookie(value: string, maxAge: number, config: Config): string {
  const secure = config.origin.startsWith("https:") ? "; Secure" : "";
  return `${NAME}=${value}; Path=/api; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
}

export function sessionToken(request: FastifyRequest): string | null {
  const cookies = (request.headers.cookie ?? "").split(/; */).map((pair) => pair.split("="));
  return cookies.find(([name]) => name === NAME)?.[1] ?? null;
}
