import { type Reason, Refusal } from "@jikim/casework";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ServerReason, ServerRefusal } from "../refusal.ts";
import type { Say } from "./log.ts";
import { ANSWERS, type ErrorCode } from "./refusals.ts";

type Said = { readonly code: ErrorCode; readonly field?: string };

/** Answers every error in one shape, in the reader's language; only bugs and troubles reach the log, without what was sent. */
export function answerError(say: Say) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const said = whatToSay(error);
    const { status, ...texts } = ANSWERS[said.code];
    if (status >= 500) say({ level: "error", route: request.routeOptions.url ?? null, ...traceOf(error) });
    const message = texts[languageOf(request)].replace("{field}", said.field ?? "");
    void reply.status(status).send({ error: { code: said.code, message } });
  };
}

/** Korean first; English when the reader asks for it before Korean. */
function languageOf(request: FastifyRequest): "ko" | "en" {
  const asked = request.headers["accept-language"]?.toLowerCase().match(/\b(ko|en)\b/);
  return asked?.[1] === "en" ? "en" : "ko";
}

function whatToSay(error: unknown): Said {
  if (error instanceof Refusal) return sayRule(error.reason);
  if (error instanceof ServerRefusal) return sayReason(error.reason);
  const { code, statusCode, validation } = fieldsOf(error);
  if (Array.isArray(validation)) return { code: "BAD_REQUEST", field: badField(error) };
  if (isDiskFull(code)) return { code: "DISK_FULL" };
  if (isDatabaseDown(code, error)) return { code: "DATABASE_DOWN" };
  if (statusCode === 413) return { code: "TOO_LARGE" };
  if (statusCode === 415) return { code: "NOT_JSON" };
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500)
    return { code: "BAD_REQUEST", field: "body" };
  return { code: "SERVER_TROUBLE" };
}

function sayRule(reason: Reason): Said {
  return reason.code === "FIELDS_MISSING"
    ? { code: reason.code, field: reason.fields.join(", ") }
    : { code: reason.code };
}

function sayReason(reason: ServerReason): Said {
  return reason.code === "BAD_REQUEST" ? { code: reason.code, field: reason.field } : { code: reason.code };
}

function fieldsOf(error: unknown): Record<string, unknown> {
  return typeof error === "object" && error !== null ? { ...error } : {};
}

/** Where the first thing lies that could not be read, such as `body.places.0.text`; never its value. */
function badField(error: unknown): string {
  const { validation, validationContext } = fieldsOf(error);
  const first: unknown = Array.isArray(validation) ? validation[0] : null;
  const path = typeof first === "object" && first !== null && "instancePath" in first ? String(first.instancePath) : "";
  return `${validationContext ?? "body"}${path.replaceAll("/", ".")}`;
}

/** SQLSTATE 53100 is PostgreSQL's disk_full (PostgreSQL 18, appendix A). */
function isDiskFull(code: unknown): boolean {
  return code === "53100" || code === "ENOSPC";
}

/** Sockets that do not answer; SQLSTATE class 08, 53300 and 57P01 to 57P05 (PostgreSQL 18, appendix A); what `pg` says of a lost line. */
function isDatabaseDown(code: unknown, error: unknown): boolean {
  if (typeof code === "string") {
    if (/^(08...|53300|57P0[1-5]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code)) return true;
    if (code === "ENOENT" && fieldsOf(error).syscall === "connect") return true;
  }
  return (
    error instanceof Error &&
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      error.message,
    )
  );
}

/** What may be logged of an error: its kind and where in our code it arose. A message can quote what was sent. */
function traceOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const at = error.stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12);
  const { code } = fieldsOf(error);
  const cause = error.cause instanceof Error ? { cause: error.cause.name } : {};
  return { error: error.name, ...(typeof code === "string" ? { code } : {}), ...cause, at };
}
