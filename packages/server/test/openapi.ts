import { Ajv2020 } from "ajv/dist/2020.js";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";

type Schema = Record<string, unknown>;
type Operation = {
  readonly responses?: Record<string, { readonly content?: Record<string, { readonly schema: Schema }> }>;
};
type Document = { readonly paths: Record<string, Record<string, Operation>> };

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const documents = new WeakMap<FastifyInstance, Document>();

/** Asks a server and holds its answer, errors too, to what /api/openapi.json says of the route. */
export async function ask(
  app: FastifyInstance,
  asked: InjectOptions & { url: string },
): Promise<LightMyRequestResponse> {
  const response = await app.inject(asked);
  const schema = schemaOf(await documentOf(app), { ...asked, status: response.statusCode });
  if (schema === null)
    throw new Error(`${asked.method ?? "GET"} ${asked.url} is not described for ${response.statusCode}`);
  if (!ajv.validate(schema, response.json()))
    throw new Error(`${asked.url} ${response.statusCode}: ${ajv.errorsText()} in ${response.body.slice(0, 500)}`);
  return response;
}

/** The code of an error that a server answered with. */
export function codeOf(response: LightMyRequestResponse): string {
  return response.json<{ error: { code: string } }>().error.code;
}

async function documentOf(app: FastifyInstance): Promise<Document> {
  const known = documents.get(app);
  if (known !== undefined) return known;
  const document = (await app.inject({ url: "/api/openapi.json" })).json<Document>();
  documents.set(app, document);
  return document;
}

function schemaOf(
  document: Document,
  {
    method = "GET",
    url,
    status,
  }: { readonly method?: string | undefined; readonly url: string; readonly status: number },
): Schema | null {
  const path = url.split("?")[0] ?? "";
  const described = Object.entries(document.paths).filter(([key]) => matches(key, path));
  const responses = described.map(([, each]) => each[method.toLowerCase()]?.responses).find(Boolean) ?? {};
  const response = responses[String(status)] ?? responses[`${Math.floor(status / 100)}XX`];
  return response?.content?.["application/json"]?.schema ?? null;
}

function matches(template: string, path: string): boolean {
  const [wanted, given] = [template.split("/"), path.split("/")];
  return wanted.length === given.length && wanted.every((part, at) => part.startsWith("{") || part === given[at]);
}
