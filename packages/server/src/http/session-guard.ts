import { Refusal, type Role } from "@jikim/casework";
import type { FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { findSession, type SignedIn } from "../store/session.ts";
import { sessionToken } from "./cookie.ts";

const signedIn = new WeakMap<FastifyRequest, SignedIn>();

/**
 * Guard of a desk route, as `onRequest`: signed in, active, and with one of the roles (any when none is named). Runs before the
 * body is read.
 * @throws {ServerRefusal} `SESSION_MISSING`. @throws {Refusal} `ROLE_MISSING`.
 */
export function requireSession({ db, now }: Jikim, ...roles: readonly Role[]): onRequestAsyncHookHandler {
  return async (request) => {
    const person = await sessionOf(request, { db, now });
    const allowed =
      person.state === "active" && (roles.length === 0 || roles.some((role) => person.roles.includes(role)));
    if (!allowed) throw new Refusal({ code: "ROLE_MISSING", role: roles.join() });
    signedIn.set(request, person);
  };
}

/** Guard of what someone may do whose key is not signed yet: see her own session, and end it. */
export function requireSignIn({ db, now }: Jikim): onRequestAsyncHookHandler {
  return async (request) => {
    signedIn.set(request, await sessionOf(request, { db, now }));
  };
}

/** Who asks; only on routes behind one of the guards above. */
export function staffOf(request: FastifyRequest): SignedIn {
  const person = signedIn.get(request);
  if (person === undefined) throw new Error("a route asks who is signed in without requireSession");
  return person;
}

async function sessionOf(request: FastifyRequest, { db, now }: Pick<Jikim, "db" | "now">): Promise<SignedIn> {
  const token = sessionToken(request);
  const person = token === null ? null : await findSession(db, token, now());
  if (person === null) throw new ServerRefusal({ code: "SESSION_MISSING" });
  return person;
}

/** Whose cases a list of hers holds: her own by her id; null, all of them, for supervisors and intake. */
export function heldBy({ staffId, roles }: Pick<SignedIn, "staffId" | "roles">): string | null {
  return roles.some((role) => role === "intake" || role === "supervisor") ? null : staffId;
}
