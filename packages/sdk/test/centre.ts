import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { certify, newSigningKey, type Signed, sign } from "@jikim/evidence";
import type {
  ChangesPage,
  Entry,
  ErasedChange,
  ListHead,
  PlatformAnswer,
  SnapshotPage,
  WireNotice,
} from "../src/wire.ts";

/** A small true centre: it signs as the real one does, and can be told to lie. */
export type TestCentre = {
  url: string;
  readonly key: string;
  readonly root: string;
  readonly put: (entry: Entry) => void;
  readonly withdraw: (entryId: string) => void;
  readonly held: () => Entry[];
  readonly snapshotPage: (after: number, limit: number) => SnapshotPage;
  readonly changesPage: (after: number) => ChangesPage;
  readonly notify: (notice: WireNotice) => Signed;
  readonly mail: (signed: Signed) => string;
  readonly answers: Map<string, PlatformAnswer>;
  readonly noticeAnswers: { readonly noticeId: string; readonly answer: string }[];
  /** Changes what a route answers; undefined answers truly. */
  lie: ((path: string, body: unknown) => unknown) | undefined;
  /** Status for every route while set. */
  down: number | undefined;
  /** Entry ids whose answers are never taken. */
  readonly unwanted: Set<string>;
  /** Ids of notices that are not booked as sent yet. */
  readonly unsent: Set<string>;
  clock: () => number;
  /** The number that a platform last asked for changes from: it has everything up to it. */
  askedFrom: number;
  readonly close: () => Promise<void>;
};

type Change = { number: number; entryId: string; signed: Signed; digest: string; inForce: boolean; erased: boolean };

const sha = (text: string) => createHash("sha256").update(text).digest("hex");
/** LtHash written a second time, over whole numbers: what the sdk's own must agree with. */
const sumOf = (digests: readonly string[]) => {
  const lanes = Array.from({ length: 1024 }, () => 0n);
  for (const digest of digests) {
    const term = createHash("shake256", { outputLength: 2048 }).update(Buffer.from(digest, "hex")).digest();
    lanes.forEach((lane, at) => {
      lanes[at] = (lane + BigInt(term.readUInt16LE(at * 2))) % 65_536n;
    });
  }
  const state = Buffer.alloc(2048);
  for (const [at, lane] of lanes.entries()) state.writeUInt16LE(Number(lane), at * 2);
  return createHash("sha256").update(state).digest("hex");
};
const zeros = "0".repeat(64);

export async function startCentre(): Promise<TestCentre> {
  const root = newSigningKey();
  const service = newSigningKey();
  const notAfter = "2999-01-01T00:00:00Z";
  const certificate = certify({ kind: "service", verifyKey: service.public, notAfter }, root.secret);
  const changes: Change[] = [];
  const notices: Signed[] = [];
  const at = () => new Date(centre.clock()).toISOString();
  const inForce = () => changes.filter((each) => each.inForce);
  const append = (entryId: string, change: unknown, kind: "put" | "withdraw") => {
    const last = changes.at(-1);
    const content = { number: changes.length + 1, previous: last?.digest ?? zeros, at: at(), change };
    const signed = sign("list-change", content, service.secret);
    for (const each of changes) {
      if (each.entryId !== entryId || !each.inForce) continue;
      each.inForce = false;
      each.erased = true;
    }
    changes.push({
      number: content.number,
      entryId,
      signed,
      digest: sha(signed.payload),
      inForce: kind === "put",
      erased: false,
    });
  };
  const head = (): Signed => {
    const content: ListHead = {
      number: changes.length,
      digest: changes.at(-1)?.digest ?? zeros,
      active: inForce().length,
      sum: sumOf(inForce().map((each) => each.digest)),
      at: at(),
    };
    return sign("list-head", content, service.secret);
  };
  const shown = ({ erased, signed, number, digest }: Change): Signed | ErasedChange =>
    erased ? { number, digest } : signed;
  const server = createServer((request, response) => void serve(centre, notices, request, response));
  const centre: TestCentre = {
    url: "",
    key: "test-platform-key",
    root: root.public,
    put: (entry) => append(entry.id, { kind: "put", entry }, "put"),
    withdraw: (entryId) => append(entryId, { kind: "withdraw", entryId }, "withdraw"),
    held: () => inForce().map((each) => JSON.parse(each.signed.payload).change.entry),
    snapshotPage(after, limit) {
      const rows = inForce().filter((each) => each.number > after);
      const puts = rows.slice(0, limit);
      return {
        certificate,
        head: head(),
        puts: puts.map((each) => each.signed),
        next: rows.length > limit ? (puts.at(-1)?.number ?? 0) : null,
      };
    },
    changesPage: (after) => ({ certificate, head: head(), changes: changes.slice(after, after + 1000).map(shown) }),
    notify(notice) {
      const signed = sign("notice", notice, service.secret);
      notices.push(signed);
      return signed;
    },
    mail: (notice) => JSON.stringify({ certificate, notice }),
    answers: new Map(),
    noticeAnswers: [],
    lie: undefined,
    down: undefined,
    unwanted: new Set(),
    unsent: new Set(),
    clock: Date.now,
    askedFrom: 0,
    close: () => closeServer(server),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  centre.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return centre;
}

async function serve(centre: TestCentre, notices: Signed[], request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? "/", centre.url);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const respond = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (centre.down !== undefined) return respond(centre.down, {});
  if (request.headers.authorization !== `Bearer ${centre.key}`) return respond(401, {});
  const after = Number(url.searchParams.get("after") ?? 0);
  if (url.pathname === "/api/platform/answers")
    return takeAnswers(centre, JSON.parse(Buffer.concat(chunks).toString()), respond);
  const named = /^\/api\/platform\/notices\/([^/]+)\/answers$/.exec(url.pathname);
  if (named?.[1] !== undefined) {
    const code = "NOTICE_NOT_SENT";
    if (centre.unsent.has(named[1]))
      return respond(409, { error: { code, message: "This notice has not been sent." } });
    centre.noticeAnswers.push({ noticeId: named[1], answer: JSON.parse(Buffer.concat(chunks).toString()).answer });
    return respond(200, {});
  }
  if (url.pathname === "/api/platform/list/changes") centre.askedFrom = after;
  const body =
    url.pathname === "/api/platform/list/snapshot"
      ? centre.snapshotPage(after, Number(url.searchParams.get("limit") ?? 2000))
      : url.pathname === "/api/platform/list/changes"
        ? centre.changesPage(after)
        : {
            certificate: centre.changesPage(0).certificate,
            notices: notices
              .map((notice, index) => ({ number: index + 1, notice }))
              .filter((each) => each.number > after),
          };
  return respond(200, centre.lie?.(url.pathname, body) ?? body);
}

function takeAnswers(
  centre: TestCentre,
  body: { answers: PlatformAnswer[] },
  respond: (status: number, body: unknown) => void,
) {
  if (body.answers.some((answer) => centre.unwanted.has(answer.entryId))) return respond(404, {});
  for (const answer of body.answers) centre.answers.set(answer.id, answer);
  return respond(200, { accepted: body.answers.length });
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** An entry with one fingerprint of random bits. */
export function randomEntry(changes: Partial<Entry> = {}): Entry {
  const value = createHash("sha256").update(randomUUID()).digest("hex");
  return {
    id: randomUUID(),
    basis: "self-reported",
    disputed: false,
    effect: "hold",
    fingerprints: [{ kind: "pdq", value, quality: 100 }],
    ...changes,
  };
}

/** Waits until something is so; fails after five seconds. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error("it did not come about within five seconds");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
