import type { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ServerRefusal } from "../refusal.ts";

const TYPE = "application/octet-stream";

/**
 * Lets routes take a sealed file as their body, as a stream: nothing of it is gathered in memory. Only routes that read it with
 * `sealedBody` may be sent one.
 */
export function takeSealedBodies(app: FastifyInstance): void {
  app.addContentTypeParser(TYPE, (_request, payload, done) => done(null, payload));
}

/** The body of a request as it comes. @throws {ServerRefusal} `NOT_SEALED` when it is of another type. */
export function sealedBody(request: FastifyRequest): AsyncIterable<Uint8Array> {
  if (request.headers["content-type"] !== TYPE) throw new ServerRefusal({ code: "NOT_SEALED" });
  return request.body as Readable;
}
