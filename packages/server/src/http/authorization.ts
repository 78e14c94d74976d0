import type { FastifyRequest } from "fastify";

/** The secret of `Authorization: <scheme> <secret>`; null when the header is missing or of another scheme. */
export function secretOf(request: FastifyRequest, scheme: "Draft" | "Return" | "Setup" | "Enrolment"): string | null {
  const [given, secret, more] = (request.headers.authorization ?? "").split(" ");
  if (given !== scheme || secret === undefined || more !== undefined) return null;
  return /^[\w-]{43}=?$/.test(secret) ? secret.replace("=", "") : null;
}
