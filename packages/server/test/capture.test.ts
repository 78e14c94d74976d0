import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmdirSync, symlinkSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSealed, unwrapCaseKey } from "@jikim/evidence";
import { openPack, wholeOf } from "@jikim/evidence/pack";
import { familyOf } from "@jikim/fingerprint";
import { decodePictures } from "@jikim/fingerprint/decode";
import { Decrypter } from "age-encryption";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { capturePage } from "../src/captures/capture.ts";
import { openFolder, sweepFolders } from "../src/captures/folder.ts";
import type { Authority, Capture, CapturePost } from "../src/contract/captures.ts";
import type { Custody } from "../src/contract/packs.ts";
import type { desk } from "../src/contract.ts";
import type { Told } from "../src/demo/survivor.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { findLastCaptureOf, finishCapture, orderCapture, takeCapture } from "../src/store/capture.ts";
import { did, openCase, post, readCase, receiveCase, takeCase } from "./desk-work.ts";
import { dumpDatabase } from "./dump.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, type SeededPerson, seedCentre, seedStaff } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let site: ReturnType<typeof createServer>;
let origin: string;
let hers: Buffer;
const cookies: string[] = [];
const SECRET = "planted-session-41c9e07d";

const shapes = (hue: number) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="180"><rect width="240" height="180" fill="#123"/>${Array.from({ length: 30 }, (_, at) => `<circle cx="${(at * 71 + hue) % 240}" cy="${(at * 53 + hue * 3) % 180}" r="${8 + ((at * 13 + hue) % 40)}" fill="hsl(${(at * 47 + hue) % 360} 90% 50%)"/>`).join("")}</svg>`,
    ),
  )
    .png()
    .toBuffer();

beforeAll(async () => {
  server = await openTestJikim({ allowPrivateAddresses: true });
  centre = await seedCentre(server.jikim);
  const other = await shapes(140);
  hers = await shapes(20);
  site = createServer((request: IncomingMessage, response: ServerResponse) => {
    cookies.push(request.headers.cookie ?? "");
    if (request.url === "/room/moved") return response.writeHead(302, { location: "/elsewhere" }).end();
    if (request.url === "/room/left") {
      response.writeHead(200, { "content-type": "text/html" });
      return response.end("<script>location.replace('/elsewhere')</script>");
    }
    const picture = request.url === "/hers.png" ? hers : request.url === "/other.png" ? other : null;
    if (picture !== null) return response.writeHead(200, { "content-type": "image/png" }).end(picture);
    response.writeHead(200, { "content-type": "text/html" });
    return response.end(
      `<p>words of the room ${request.headers.cookie ?? ""}</p><img src=/hers.png><img src=/other.png>`,
    );
  });
  await new Promise<void>((ready) => site.listen(0, "127.0.0.1", ready));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
}, 120_000);
afterAll(async () => {
  site.closeAllConnections();
  await new Promise((closed) => site.close(closed));
  await server.close();
});
beforeEach(() => cookies.splice(0));

/** Time passes; whoever works signs in again. */
async function pass(span: Temporal.DurationLike): Promise<void> {
  server.pass(span);
  const expiresAt = server.jikim.now().add({ hours: 10 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
}

const ADULT = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
const MINOR = { ...ADULT, ageBand: "unknown" as const };
const open = async (told: Partial<Told> = {}) => (await openCase(server, centre, { codes: ADULT, ...told })).caseId;
const at = (path: string) => ({ kind: "url" as const, url: `${origin}${path}` });
const path = (caseId: string, more = "") => `/api/desk/cases/${caseId}/captures${more}`;

const order = (caseId: string, body: Partial<CapturePost> = {}, by: Pick<SeededPerson, "headers"> = centre.staff) =>
  post(server.app, by, path(caseId), { id: randomUUID(), target: at("/room"), ...body });
const list = async (caseId: string) =>
  (await did<{ rows: Capture[] }>(ask(server.app, { url: path(caseId), headers: centre.staff.headers }))).rows;
const fetchPack = (caseId: string, id: string, by: Pick<SeededPerson, "headers"> = centre.staff) =>
  server.app.inject({ url: path(caseId, `/${id}/pack`), headers: by.headers });
const custodyOf = async (caseId: string) => {
  const url = `/api/desk/cases/${caseId}/custody`;
  const { custody } = await did<{ custody: Custody[] }>(ask(server.app, { url, headers: centre.staff.headers }));
  return custody.map(({ did: what, role }) => `${role} ${what}`).reverse();
};

async function captured(caseId: string, body: Partial<CapturePost> = {}): Promise<Capture> {
  const { id } = await did<Capture>(order(caseId, body));
  await capturePage(server.jikim, id);
  const row = (await list(caseId)).find((each) => each.id === id);
  if (row?.state !== "sealed") throw new Error(`not sealed: ${row?.state} ${row?.failure}`);
  return row;
}

/** Opens a pack as the desk does: by the file key, which the case key opens. */
async function openByCase(caseId: string, packId: string, sealed: Buffer) {
  const held = await readCase(server.app, centre.staff, caseId);
  const key = await unwrapCaseKey(Buffer.from(held.wrapped, "base64url"), centre.staff.key.identity);
  const fileKey = held.fileKeys.find(({ id }) => id === packId)?.sealed ?? "";
  const { fileIdentity } = (await openSealed(Buffer.from(fileKey, "base64url"), key.identity)) as {
    fileIdentity: string;
  };
  const files = new Map<string, Buffer>();
  const stream = new Response(new Uint8Array(sealed)).body;
  if (stream === null) throw new Error("nothing");
  const opened = await openPack(stream, fileIdentity, async (file) => {
    files.set(file.path, Buffer.from(await wholeOf(file, 1 << 26)));
  });
  return { opened, files, fileIdentity };
}

const leftFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`jikim-captures-${process.pid}-`));

test("a page becomes a pack that only the case opens, with her own picture sealed in it and others as digests", async () => {
  const family = [];
  for await (const pixels of decodePictures(await sharp(hers).resize(200).jpeg().toBuffer()))
    family.push(...familyOf(pixels));
  const caseId = await open({ items: [{ kind: "picture", fingerprints: family }] });
  const body = { id: randomUUID(), mode: "keep-matching" as const, legalBasis: "her mandate of today" };
  const ordered = await did<Capture>(order(caseId, body));
  expect(ordered).toMatchObject({ number: 1, state: "queued", packId: null, minor: false, orderedBy: "상담 1" });
  await capturePage(server.jikim, ordered.id);
  await capturePage(server.jikim, ordered.id);
  expect(await did(order(caseId, body))).toMatchObject({ number: 1, state: "sealed" });
  const [row, ...more] = await list(caseId);
  expect(more).toEqual([]);
  expect(row).toMatchObject({
    counts: { media: 1, kept: expect.any(Number), notStored: 1 },
    stampedAt: null,
    failure: null,
  });
  const packId = row?.packId ?? "";
  const response = await fetchPack(caseId, ordered.id);
  expect(response.headers["content-type"]).toBe("application/octet-stream");
  const { opened, files, fileIdentity } = await openByCase(caseId, packId, response.rawPayload);
  expect(opened).not.toHaveProperty("trouble");
  const manifest = JSON.parse(files.get("seal/manifest.json")?.toString() ?? "{}");
  expect(manifest).toMatchObject({
    packId,
    exhibit: "capture 1",
    mode: "keep-matching",
    legalBasis: "her mandate of today",
    previous: null,
    consent: expect.stringMatching(/^[0-9a-f]{64}$/),
    clockOffMs: null,
  });
  const { tool } = JSON.parse(files.get("data/record.json")?.toString() ?? "{}");
  expect(manifest.tool.settings).toBe(createHash("sha256").update(JSON.stringify(tool)).digest("hex"));
  expect(manifest.files.map((file: { path: string }) => file.path)).toEqual([
    "data/capture.wacz",
    "data/record.json",
    "data/screenshot.png",
    "data/kept/1.age",
    "data/case.jsonld",
  ]);
  const decrypter = new Decrypter();
  decrypter.addIdentity(fileIdentity);
  expect(Buffer.from(await decrypter.decrypt(files.get("data/kept/1.age") ?? Buffer.alloc(0))).equals(hers)).toBe(true);
  expect(await custodyOf(caseId)).toEqual(["server captured", "server sealed", "caseworker opened"]);
  expect(leftFolders()).toEqual([]);
  const url = `${origin}/room`;
  expect(await findLastCaptureOf(server.jikim.db, server.jikim.vault, { caseId, url })).toBe(packId);
  expect(await findLastCaptureOf(server.jikim.db, server.jikim.vault, { caseId, url: `${url}x` })).toBeNull();
}, 120_000);

test("who does not hold the case orders nothing and is given nothing", async () => {
  const caseId = await open();
  const { root } = centre;
  const stranger = await seedStaff(server.jikim, { pseudonym: "상담 2", roles: ["caseworker"], root });
  expect(codeOf(await order(caseId, {}, stranger))).toBe("CASE_NOT_HELD");
  const [of] = await Promise.all([did<Capture>(order(caseId))]);
  expect(codeOf(await fetchPack(caseId, of.id, stranger))).toBe("CASE_NOT_HELD");
  expect(codeOf(await fetchPack(caseId, of.id))).toBe("NOT_FOUND");
  expect(codeOf(await fetchPack(await open(), of.id))).toBe("NOT_FOUND");
});

test("what a survivor alone may have as a link, a room without an address and another case's place are not captured", async () => {
  const caseId = await open({ places: [{ kind: "room", text: "@invented_room" }] });
  const other = await readCase(server.app, centre.staff, await open());
  const room = (await readCase(server.app, centre.staff, caseId)).places[0]?.id ?? "";
  const place = (placeId: string) => ({ target: { kind: "place" as const, placeId } });
  expect(codeOf(await order(caseId, place(room)))).toBe("NOT_A_PAGE");
  expect(codeOf(await order(caseId, place(other.places[0]?.id ?? "")))).toBe("NOT_FOUND");
  const invite = { kind: "url" as const, url: "https://t.me/+AbCdEfGhIjKlMnOp" };
  expect(codeOf(await order(caseId, { target: invite }))).toBe("LINK_UNCONFIRMED");
});

test("a private address is refused, the failure can be tried again, and what was sealed cannot", async () => {
  const caseId = await open();
  const { id } = await did<Capture>(order(caseId));
  const strict = { ...server.jikim, config: { ...server.jikim.config, allowPrivateAddresses: false } };
  await capturePage(strict, id);
  expect((await list(caseId))[0]).toMatchObject({ state: "failed", failure: "ADDRESS_REFUSED", packId: null });
  const again = path(caseId, `/${id}/retry`);
  expect(await did(post(server.app, centre.staff, again))).toMatchObject({ state: "queued", failure: null });
  expect(codeOf(await post(server.app, centre.staff, again))).toBe("CAPTURE_NOT_FAILED");
}, 120_000);

const authority = (caseId: string, body: object = {}) => {
  const from = server.jikim.now().toString();
  const scope = { addresses: [origin.replace("http://", "")], placeIds: [], words: "the room" };
  const paper = { kind: "police-request", number: "2026-가상-1", office: "가상경찰서", approvedBy: "가상 수사과장" };
  return post(server.app, centre.staff, `/api/desk/cases/${caseId}/authorities`, {
    ...{ id: randomUUID(), ...paper, scope, from, until: null },
    ...body,
  });
};

test("of a minor nothing is kept, and a closed room is captured under police authority alone, within what it covers", async () => {
  const caseId = await open({ codes: MINOR });
  const basis = { legalBasis: "asked by the police" };
  expect(codeOf(await order(caseId, { mode: "keep-matching", ...basis }))).toBe("KEEPING_REFUSED");
  expect(codeOf(await order(caseId, { access: "closed", ...basis }))).toBe("AUTHORITY_NEEDED");
  const { id: authorityId } = await did<Authority>(authority(caseId));
  const closed = { access: "closed" as const, ...basis, authorityId };
  expect((await order(caseId, closed)).statusCode).toBe(202);
  const outside = { kind: "url" as const, url: "http://other.example/" };
  expect(codeOf(await order(caseId, { ...closed, target: outside }))).toBe("AUTHORITY_OUT_OF_SCOPE");
  expect(codeOf(await order(await open(), { authorityId }))).toBe("NOT_FOUND");
  const ended = await did<Authority>(
    post(server.app, centre.staff, `/api/desk/cases/${caseId}/authorities/${authorityId}/end`),
  );
  expect(ended.standing).toBe("over");
  expect(codeOf(await order(caseId, closed))).toBe("AUTHORITY_OUT_OF_TIME");
  // It waited for its turn when the authority ended.
  const [waiting] = await list(caseId);
  await capturePage(server.jikim, waiting?.id ?? "");
  expect((await list(caseId))[0]).toMatchObject({ state: "failed", failure: "NO_LONGER_ALLOWED" });
});

test("a page that leads on to where its authority does not reach is not kept", async () => {
  const caseId = await open();
  const scope = { addresses: [`${new URL(origin).host}/room`], placeIds: [], words: "" };
  const { id: authorityId } = await did<Authority>(authority(caseId, { scope }));
  for (const page of ["/room/moved", "/room/left"]) {
    const { id } = await did<Capture>(order(caseId, { target: at(page), authorityId }));
    await capturePage(server.jikim, id);
    const row = (await list(caseId)).find((each) => each.id === id);
    expect(row).toMatchObject({ state: "failed", failure: "OUT_OF_SCOPE", packId: null });
  }
  expect(await server.jikim.db.selectFrom("sealedFile").select("id").where("caseId", "=", caseId).execute()).toEqual(
    [],
  );
  expect(leftFolders()).toEqual([]);
  expect((await captured(caseId, { target: at("/room/5"), authorityId })).state).toBe("sealed");
}, 120_000);

test("a minor's open page is not even asked for until counsel's opinion or an authority is recorded", async () => {
  const caseId = await open({ codes: MINOR });
  const asked = cookies.length;
  const refused = await order(caseId);
  expect([refused.statusCode, codeOf(refused)]).toEqual([409, "OPINION_MISSING"]);
  const { db } = server.jikim;
  const { settings } = await db.selectFrom("centre").select("settings").executeTakeFirstOrThrow();
  const record = (counselOpinion: string | null) =>
    db
      .updateTable("centre")
      .set({ settings: JSON.stringify({ ...settings, counselOpinion }) })
      .execute();
  await record("2026-지어냄");
  try {
    const { id } = await did<Capture>(order(caseId));
    // It waited for its turn when the opinion was taken back.
    await record(null);
    await capturePage(server.jikim, id);
    expect((await list(caseId))[0]).toMatchObject({ state: "failed", failure: "NO_LONGER_ALLOWED" });
    expect(cookies.length).toBe(asked);
    await record("2026-지어냄");
    expect(await captured(caseId)).toMatchObject({ minor: true, state: "sealed" });
  } finally {
    await record(null);
  }
  const { id: authorityId } = await did<Authority>(authority(caseId));
  expect((await order(caseId, { authorityId })).statusCode).toBe(202);
}, 120_000);

test("nothing is captured for an anonymous report: it takes a mandate, or a legal basis that is named", async () => {
  const { caseId } = await receiveCase(server, { codes: ADULT });
  await takeCase(server.app, centre, caseId);
  expect(codeOf(await order(caseId))).toBe("MANDATE_MISSING");
  expect((await order(caseId, { legalBasis: "지어낸 근거" })).statusCode).toBe(202);
});

test("what was captured in an emergency is locked when 48 hours pass without approval, and opened by one given in time", async () => {
  const caseId = await open();
  const begun = server.jikim.now();
  const {
    id: authorityId,
    approveBy,
    clock,
  } = await did<Authority>(authority(caseId, { kind: "emergency", approvedBy: null }));
  expect(approveBy).toBe(begun.add({ hours: 48 }).toString());
  expect(clock).toMatchObject({ kind: "legal", count: 48, mark: "read" });
  const { id } = await captured(caseId, { authorityId });
  expect((await fetchPack(caseId, id)).statusCode).toBe(200);
  await pass({ hours: 49 });
  expect((await list(caseId))[0]?.state).toBe("locked");
  expect(codeOf(await fetchPack(caseId, id))).toBe("CAPTURE_LOCKED");
  expect(codeOf(await order(caseId, { authorityId }))).toBe("AUTHORITY_LAPSED");
  const { rows } = await did<{ rows: object[] }>(
    ask(server.app, { url: "/api/desk/authorities/due", headers: centre.staff.headers }),
  );
  expect(rows).toContainEqual(expect.objectContaining({ caseId, authorityId, overdue: true, captures: 1, clock }));
  const due = (kind: string) => ask(server.app, { url: `/api/desk/due?kind=${kind}`, headers: centre.staff.headers });
  for (const kind of ["answer", "step"]) expect(await did<desk.Due>(due(kind))).toMatchObject({ emergencies: rows });
  await sweep(server.jikim);
  await sweep(server.jikim);
  const approve = (given: number) =>
    post(server.app, centre.staff, `/api/desk/cases/${caseId}/authorities/${authorityId}/approve`, {
      ...{ by: "가상 법원", number: "허가 1", at: begun.add({ hours: given }).toString() },
      until: begun.add({ hours: 24 * 30 }).toString(),
    });
  expect(codeOf(await approve(49))).toBe("AUTHORITY_LAPSED");
  expect(await did<Authority>(approve(47))).toMatchObject({ standing: "in-force", captures: { all: 1, locked: 0 } });
  expect(codeOf(await approve(47))).toBe("NOTHING_TO_APPROVE");
  expect((await fetchPack(caseId, id)).statusCode).toBe(200);
  expect((await custodyOf(caseId)).slice(2)).toEqual([
    "caseworker opened",
    "server locked",
    "caseworker unlocked",
    "caseworker opened",
  ]);
}, 120_000);

const session = {
  ownedByCentre: true as const,
  cookies: [{ name: "sid", value: SECRET, domain: "127.0.0.1", secure: false }],
};
const counsel = (opinion: object | null) =>
  ask(server.app, {
    method: "PUT",
    url: "/api/desk/closed-rooms",
    headers: centre.admin.headers,
    body: { counsel: opinion },
  });

test("a room is entered with counsel's opinion and a session that is in memory alone", async () => {
  const caseId = await open();
  const body = { session, legalBasis: "her mandate", access: "closed" as const };
  expect(codeOf(await order(caseId, body))).toBe("COUNSEL_MISSING");
  await did(counsel({ reference: "가상 자문 3", givenOn: "2026-11-01" }));
  const { id } = await did<Capture>(order(caseId, body));
  await expect.poll(async () => (await list(caseId))[0]?.state, { timeout: 100_000, interval: 200 }).toBe("sealed");
  expect(cookies.some((each) => each.includes(SECRET))).toBe(true);
  const sealed = await fetchPack(caseId, id);
  const { files } = await openByCase(caseId, (await list(caseId))[0]?.packId ?? "", sealed.rawPayload);
  for (const [name, content] of files) expect([name, content.includes(SECRET)]).toEqual([name, false]);
  const dump = await dumpDatabase(server.database);
  for (const word of [SECRET, "her mandate", `${origin}/room`, "가상-1"]) expect(dump).not.toContain(word);
  expect(server.log.join("\n")).not.toContain(SECRET);
}, 120_000);

test("a session that went with its process is given up, and given again", async () => {
  const caseId = await open();
  const { jikim } = server;
  const { staffId } = centre.staff;
  const id = randomUUID();
  const lost = {
    url: `${origin}/room`,
    placeId: null,
    mode: "hash-and-discard",
    access: "closed",
    signedIn: true,
  } as const;
  const now = jikim.now();
  await jikim.db.transaction().execute((tx) =>
    orderCapture(tx, jikim.vault, {
      ...{ id, caseId, ...lost, legalBasis: "x", authorityId: null, minor: false, by: { staffId, role: "caseworker" } },
      ...{ at: now, sessionUntil: now.add({ minutes: 15 }) },
    }),
  );
  await capturePage(jikim, id);
  expect((await list(caseId))[0]?.state).toBe("queued");
  await pass({ minutes: 16 });
  await sweep(jikim);
  expect((await list(caseId))[0]).toMatchObject({ state: "failed", failure: "SESSION_LOST" });
});

test("a try that gave no sign of life is taken up by another, and cannot end any more", async () => {
  const caseId = await open();
  const { id } = await did<Capture>(order(caseId));
  const { jikim } = server;
  const lease = () => ({ now: jikim.now(), until: jikim.now().add({ seconds: 30 }) });
  const first = await takeCapture(jikim.db, jikim.vault, id, lease());
  expect(await takeCapture(jikim.db, jikim.vault, id, lease())).toBeNull();
  await pass({ minutes: 1 });
  const second = await takeCapture(jikim.db, jikim.vault, id, lease());
  expect(second).toMatchObject({ id, before: first?.packId, tries: 2 });
  const counts = { kept: 0, media: 0, notStored: 0, gaps: 0 };
  const finish = (ours: { id: string; packId: string } | null) =>
    jikim.db.transaction().execute(async (tx) => ours !== null && finishCapture(tx, ours, { counts, at: jikim.now() }));
  expect([await finish(first), await finish(second), await finish(second)]).toEqual([false, true, false]);
});

test("a link among what a capture left is not followed, and what a dead process left is removed", async () => {
  const folder = await openFolder();
  symlinkSync("/etc/hostname", join(folder.path, "record.json"));
  await expect(Array.fromAsync(folder.read("record.json"))).rejects.toThrow();
  const dead = join(tmpdir(), `jikim-captures-4194305-${randomUUID().slice(0, 6)}`);
  const alive = join(tmpdir(), `jikim-captures-${process.ppid}-${randomUUID().slice(0, 6)}`);
  for (const each of [dead, alive]) mkdirSync(each);
  await sweepFolders();
  expect([dead, alive, folder.path].map((each) => existsSync(each))).toEqual([false, true, true]);
  await folder.close();
  rmdirSync(alive);
});
