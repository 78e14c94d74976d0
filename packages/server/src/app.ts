import swagger from "@fastify/swagger";
import Fastify, { type FastifyInstance } from "fastify";
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { z } from "zod";
import { errorSchema } from "./contract.ts";
import { answerError } from "./http/errors.ts";
import { limitRequests } from "./http/limits.ts";
import { logRequests, type Say } from "./http/log.ts";
import { servePages } from "./http/pages.ts";
import { ROUTES } from "./http/routes.ts";
import { takeSealedBodies } from "./http/sealed-body.ts";
import { secure } from "./http/security.ts";
import type { Jikim } from "./jikim.ts";
import { ServerRefusal } from "./refusal.ts";

/** Bytes of a request's body; routes that take more say so. */
const BODY_LIMIT = 64 * 1024;

export type AppOptions = {
  /** Takes the lines of the log; the default drops them. */
  readonly say?: Say;
  /** The built pages; the default is the web package's. */
  readonly pages?: string;
};

/** The whole of HTTP on one origin: the API under `/api/`, the portal at `/`, the desk at `/desk/`. */
export async function createApp(
  jikim: Jikim,
  { say = () => undefined, pages }: AppOptions = {},
): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    trustProxy: jikim.config.trustedProxies ?? false,
    forceCloseConnections: true,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError(say));
  app.setNotFoundHandler(() => {
    throw new ServerRefusal({ code: "NOT_FOUND" });
  });
  app.removeContentTypeParser("text/plain");
  takeSealedBodies(app);
  await secure(app, jikim.config);
  logRequests(app, say);
  await limitRequests(app);
  await describe(app);
  await app.register(async (scope) => {
    const routes = scope.withTypeProvider<ZodTypeProvider>();
    for (const add of ROUTES) add(routes, jikim);
  });
  await servePages(app, pages);
  await app.ready();
  return app;
}

/** Describes every route at /api/openapi.json; each may also answer with an error. */
async function describe(app: FastifyInstance): Promise<void> {
  app.addHook("onRoute", (route) => {
    if (!route.url.startsWith("/api/") || route.schema === undefined) return;
    const own = (route.schema.response ?? {}) as object;
    route.schema.response = { ...own, "4xx": errorSchema, "5xx": errorSchema };
  });
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "Jikim", version: "0.1.0" } },
    transform: jsonSchemaTransform,
  });
  app.get(
    "/api/openapi.json",
    { schema: { response: { 200: z.record(z.string(), z.unknown()) } } },
    () => app.swagger() as unknown as Record<string, unknown>,
  );
}
