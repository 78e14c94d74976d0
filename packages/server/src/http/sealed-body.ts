import type { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ServerRefusal } from "../refusal.ts";

const TYPE = "application/octet-stream";

/** The only routes that take bytes: age files, which the server cannot open. Everywhere else such a body is refused by its type. */
const SEALED_ROUTES: ReadonlySet<string> = new Set(["/api/desk/packs/:id/sealed", "/api/my/chats/:id/files/:file"]);

/** Lets these routes take a sealed file as their body, as a stream: nothing of it is gathered in memory. */
export function takeSealedBodies(app: FastifyInstance): void {
  app.addContentTypeParser(TYPE, (_request, payload, done) => done(null, payload));
  app.addHook("onRequest", (request, _reply, done) => {
    const isBytes = request.headers["content-type"]?.startsWith(TYPE) ?? false;
    const isTaken = SEALED_ROUTES.has(request.routeOptions.url ?? "");
    done(isBytes && !isTaken ? new ServerRefusal({ code: "NOT_JSON" }) : undefined);
  });
}

/** The body of a request as it comes. @throws {ServerRefusal} `NOT_SEALED` when it is of another type. */
export function sealedBody(request: FastifyRequest): AsyncIterable<Uint8Array> {
  if (request.headers["content-type"] !== TYPE) throw new ServerRefusal({ code: "NOT_SEALED" });
  return request.body as Readable;
}
