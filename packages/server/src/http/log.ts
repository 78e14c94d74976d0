import type { FastifyInstance } from "fastify";

/** Takes one line of the log. */
export type Say = (line: Readonly<Record<string, unknown>>) => void;

/**
 * Logs each request by its route's pattern: no query, no id, no address, no header. Who came and with which code is in no log.
 */
export function logRequests(app: FastifyInstance, say: Say): void {
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url;
    if (route?.startsWith("/api/")) {
      const ms = Math.round(reply.elapsedTime);
      say({ level: "info", method: request.method, route, status: reply.statusCode, ms });
    }
    done();
  });
}
