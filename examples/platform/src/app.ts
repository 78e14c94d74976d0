import { createHash, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import multipart from "@fastify/multipart";
import { FingerprintRefusal } from "@jikim/fingerprint";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { z } from "zod";
import type { Board, Post } from "./board.ts";
import type { Linked } from "./following.ts";
import { centreOf, type Outcome, review, takeUpload } from "./moderation.ts";
import { blockedMessage, boardPage, type Message, messagePage, postPage, reviewPage, signInPage } from "./pages.ts";
import { MOST_BYTES } from "./picture.ts";
import { languageOf } from "./text.ts";

export type AppParts = { readonly board: Board; readonly reviewToken: string; linked(): Linked };

const CSP =
  "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const fieldsSchema = z.object({
  title: z.string().trim().max(80).default(""),
  address: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]{0,40}$/)
    .default(""),
});

export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, bodyLimit: 64 << 10, forceCloseConnections: true });
  await app.register(multipart, { limits: { fileSize: MOST_BYTES, files: 1, fields: 4, fieldSize: 1000, parts: 6 } });
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({
      "content-security-policy": CSP,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
    });
    const site = request.headers["sec-fetch-site"];
    const isForeign = site !== undefined && site !== "same-origin" && site !== "none";
    if (request.method === "POST" && isForeign)
      return tell(request, reply, 403, { title: "failedTitle", text: "failed" });
  });
  app.setNotFoundHandler((request, reply) => tell(request, reply, 404, { title: "missingTitle", text: "missing" }));
  app.setErrorHandler((error, request, reply) => tellError(error, request, reply));
  await assets(app);
  boardRoutes(app, parts);
  reviewRoutes(app, parts);
  return app;
}

async function assets(app: FastifyInstance): Promise<void> {
  for (const [name, type] of [
    ["style.css", "text/css"],
    ["icon.svg", "image/svg+xml"],
  ] as const) {
    const content = await readFile(new URL(name, import.meta.url));
    app.get(`/${name}`, (_request, reply) => reply.type(`${type}; charset=utf-8`).send(content));
  }
}

function boardRoutes(app: FastifyInstance, { board, linked }: AppParts): void {
  app.get("/", (request, reply) => show(reply, 200, boardPage(language(request), board.all(), linked())));
  app.get<{ Params: { id: string } }>("/p/:id", (request, reply) => {
    const post = board.find(request.params.id);
    if (post?.state.kind === "shown") return show(reply, 200, postPage(language(request), post));
    return tellState(request, reply, post);
  });
  app.get<{ Params: { id: string } }>("/media/:id", async (request, reply) => {
    const post = board.find(request.params.id);
    if (post?.state.kind !== "shown") return tellState(request, reply, post);
    return reply
      .type(post.type)
      .header("cache-control", "no-store")
      .send(await board.media(post.id));
  });
  app.post("/upload", async (request, reply) => {
    const file = await request.file();
    const bytes = await file?.toBuffer();
    if (file?.file.truncated) throw new FingerprintRefusal("TOO_MANY_BYTES");
    const fields = fieldsSchema.safeParse({ title: field(file?.fields.title), address: field(file?.fields.address) });
    if (bytes === undefined || bytes.length === 0)
      return tell(request, reply, 400, { title: "refusedTitle", text: "damaged" });
    if (!fields.success) return tell(request, reply, 400, { title: "failedTitle", text: "fieldsWrong" });
    return tellOutcome(request, reply, await takeUpload(board, linked(), { bytes, ...fields.data }));
  });
}

function field(part: unknown): unknown {
  return typeof part === "object" && part !== null && "value" in part ? part.value : undefined;
}

function tellOutcome(request: FastifyRequest, reply: FastifyReply, outcome: Outcome): FastifyReply {
  if (outcome.kind === "shown") return reply.redirect(`/p/${outcome.id}`, 303);
  if (outcome.kind === "held") return tell(request, reply, 202, { title: "heldTitle", text: "held", appeal: true });
  if (outcome.kind === "blocked") return tell(request, reply, statusOf(outcome.basis), blockedMessage(outcome.basis));
  if (outcome.kind === "address-taken")
    return tell(request, reply, 409, { title: "addressTakenTitle", text: "addressTaken" });
  return tell(request, reply.header("retry-after", "5"), 503, { title: "notReadyTitle", text: "notReady" });
}

function tellState(request: FastifyRequest, reply: FastifyReply, post: Post | undefined): FastifyReply {
  if (post?.state.kind === "removed")
    return tell(request, reply, 410, { title: "removedTitle", text: "removed", appeal: true });
  if (post?.state.kind === "held") return tell(request, reply, 404, { title: "heldTitle", text: "held", appeal: true });
  if (post?.state.kind === "blocked")
    return tell(request, reply, statusOf(post.state.basis), blockedMessage(post.state.basis));
  return tell(request, reply, 404, { title: "missingTitle", text: "missing" });
}

/** 451 where an authority asked (RFC 7725), 409 where the board's own rules did. */
function statusOf(basis: string): number {
  return basis === "police" || basis === "court" ? 451 : 409;
}

function reviewRoutes(app: FastifyInstance, { board, linked, reviewToken }: AppParts): void {
  const cookie = createHash("sha256").update(`review cookie\n${reviewToken}`).digest("base64url");
  const isReviewer = (request: FastifyRequest) => {
    const shown = /(?:^|;\s*)review=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];
    return shown !== undefined && isSame(shown, cookie);
  };
  app.get("/review", (request, reply) => {
    if (!isReviewer(request)) return show(reply, 401, signInPage(language(request), false));
    return show(reply, 200, reviewPage(language(request), board.all(), centreOf(linked())));
  });
  app.post("/review/sign-in", (request, reply) => {
    const { token } = z.object({ token: z.string() }).parse(request.body);
    if (!isSame(token.trim(), reviewToken)) return show(reply, 401, signInPage(language(request), true));
    return reply
      .header("set-cookie", `review=${cookie}; Path=/review; HttpOnly; SameSite=Strict`)
      .redirect("/review", 303);
  });
  app.post<{ Params: { id: string } }>("/review/:id", async (request, reply) => {
    if (!isReviewer(request)) return show(reply, 401, signInPage(language(request), false));
    const { decision } = z.object({ decision: z.enum(["release", "refuse"]) }).parse(request.body);
    await review(board, centreOf(linked()), request.params.id, decision);
    return reply.redirect("/review", 303);
  });
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

function tellError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const isLarge = ["TOO_LARGE", "TOO_MANY_BYTES", "FST_REQ_FILE_TOO_LARGE", "FST_ERR_CTP_BODY_TOO_LARGE"].includes(
    code,
  );
  if (isLarge) return tell(request, reply, 413, { title: "refusedTitle", text: "tooLarge" });
  if (error instanceof FingerprintRefusal) return tell(request, reply, 415, { title: "refusedTitle", text: "damaged" });
  const asked = error instanceof z.ZodError || /^FST_/.test(code);
  return tell(request, reply, asked ? 400 : 500, { title: "failedTitle", text: "failed" });
}

function language(request: FastifyRequest) {
  return languageOf(request.headers["accept-language"]);
}

function tell(request: FastifyRequest, reply: FastifyReply, status: number, message: Message): FastifyReply {
  return show(reply, status, messagePage(language(request), message));
}

function show(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply
    .code(status)
    .headers({ vary: "accept-language", "cache-control": "no-store" })
    .type("text/html; charset=utf-8")
    .send(page);
}
