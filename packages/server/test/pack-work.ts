import { createHash, randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { newAgeIdentity, openSealed, recipientOf, seal, unwrapCaseKey } from "@jikim/evidence";
import {
  exhibitPart,
  openPack,
  type PackPart,
  sealManifest,
  type Vouching,
  wholeOf,
  writePack,
} from "@jikim/evidence/pack";
import type { packs } from "../src/contract.ts";
import { findCentre } from "../src/store/centre.ts";
import { recordCustody } from "../src/store/custody.ts";
import { recordSeal } from "../src/store/seal.ts";
import { newFileKey, readSealedFile, writeSealedFile } from "../src/store/sealed-file.ts";
import { did, post, readCase } from "./desk-work.ts";
import type { TestJikim } from "./jikim.ts";
import { ask } from "./openapi.ts";
import type { SeededCentre } from "./seed.ts";

const bytes = (base64url: string) => Buffer.from(base64url, "base64url");

export function partOf(path: string, content: string | Uint8Array, type = "text/plain"): PackPart {
  const whole = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    path,
    type,
    async *read() {
      yield whole;
    },
  };
}

/** What a test says of a capture: whether it is a minor's, and a body that it kept, as it stands encrypted in the pack. */
export type MadeCapture = { readonly minor?: boolean; readonly kept?: string };

/** A page that was captured, as the capture's worker leaves it: a sealed pack that only the case key opens. */
export async function makeCapture(
  { jikim }: Pick<TestJikim, "jikim">,
  centre: SeededCentre,
  caseId: string,
  { minor = false, kept }: MadeCapture = {},
): Promise<string> {
  const { db, vault, service } = jikim;
  const [packId, id, at] = [randomUUID(), randomUUID(), jikim.now()];
  const sealedOrder = vault.seal({ url: "https://room.example/", legalBasis: null }, `capture/order/${id}`);
  const { number } = await db.selectFrom("cases").select("number").where("id", "=", caseId).executeTakeFirstOrThrow();
  const parts = [
    partOf("data/record.json", '{"invented":true}', "application/json"),
    partOf("data/page.txt", "지어낸 방"),
    ...(kept === undefined ? [] : [partOf("data/kept/1.age", kept, "application/age")]),
  ];
  const mode = kept === undefined ? ("hash-and-discard" as const) : ("keep-matching" as const);
  const { serviceCertificate: certificate, settings } = await findCentre(db);
  const facts = {
    ...{ packId, exhibit: "capture 1", previous: null, centre: settings.name, case: String(number) },
    ...{ legalBasis: "what she reported", authority: null, consent: null, minor, mode },
    ...{ actors: [{ role: "server", did: "captured", at: at.toString() }], zone: "Asia/Seoul", clockOffMs: null },
    ...{ startedAt: at.toString(), endedAt: at.toString(), sealedAt: at.toString(), notStored: [], gaps: [] },
    tool: { name: "jikim-capture", version: "0.1.0", settings: null },
  };
  const sealed = await sealManifest(facts, parts, { ...service, certificate });
  const { recipient, opener } = await newFileKey();
  const pack = await writePack(sealed, { timestamp: null, log: null }, { parts, recipients: [recipient] });
  await writeSealedFile(db, { id: packId, caseId, opener, at, most: 1e7 }, pack, async (tx) => {
    await recordSeal(tx, jikim.vault, { packId, caseId, text: sealed.text, signature: sealed.signature, at });
    const event = { packId, caseId, by: { role: "server", who: "" } as const, at };
    await recordCustody(tx, jikim.vault, { ...event, did: "captured" });
    await tx
      .insertInto("capture")
      .values({
        ...{ id, caseId, number: 1, state: "sealed", mode, minor, access: "open" },
        ...{ orderSealed: sealedOrder, signedIn: false, placeId: null, authorityId: null, packId },
        ...{ orderedBy: centre.staff.staffId, orderedRole: "caseworker", orderedAt: at.toString() },
        ...{ endedAt: at.toString(), kept: 2, media: kept === undefined ? 0 : 1, notStored: 0, gaps: 0, failure: null },
      } as never)
      .execute();
  });
  return packId;
}

/** A chat that has come, of which the server knows only a digest. */
export async function makeChat({ jikim }: Pick<TestJikim, "jikim">, caseId: string, digest: string): Promise<string> {
  const { db } = jikim;
  const [id, partId, originalId, at] = [randomUUID(), randomUUID(), randomUUID(), jikim.now()];
  for (const fileId of [partId, originalId]) {
    const { recipient, opener } = await newFileKey();
    const content = await seal({ invented: true }, [recipient]);
    const bytes = (async function* () {
      yield content;
    })();
    await writeSealedFile(db, { id: fileId, caseId, opener, at, most: 1e6 }, bytes);
  }
  await db
    .insertInto("chat")
    .values({
      ...{ id, caseId, announcedAt: at.toString(), size: 5, shown: 2, root: Buffer.alloc(32, 1), partId, originalId },
      ...{ digest: Buffer.from(digest, "hex"), hers: Buffer.from("지어낸 봉인"), receivedAt: at.toString() },
    } as never)
    .execute();
  return id;
}

/** An investigator's age key. */
export async function newUnit(changes: Partial<packs.Unit> = {}) {
  const identity = newAgeIdentity();
  const recipient = await recipientOf(identity);
  const unit: packs.Unit = { kind: "police", name: "지어낸경찰서 사이버팀", recipient, mail: null, ...changes };
  return { identity, recipient, unit };
}

export async function vouchingOf(
  { app }: TestJikim,
  centre: SeededCentre,
  packId: string,
): Promise<packs.PackVouching> {
  return did(ask(app, { url: `/api/desk/packs/${packId}/vouching`, headers: centre.staff.headers }));
}

function vouched({ timestamp, log }: packs.PackVouching): Vouching {
  return { timestamp: timestamp === null ? null : new Uint8Array(Buffer.from(timestamp, "base64")), log };
}

/** Opens a capture with the case key, as the desk does, and takes its files along as exhibit 1. */
export async function takeExhibit(server: TestJikim, centre: SeededCentre, of: { caseId: string; packId: string }) {
  const held = await readCase(server.app, centre.staff, of.caseId);
  const key = await unwrapCaseKey(bytes(held.wrapped), centre.staff.key.identity);
  const sealed = held.fileKeys.find(({ id }) => id === of.packId)?.sealed ?? "";
  const { fileIdentity } = (await openSealed(bytes(sealed), key.identity)) as { fileIdentity: string };
  const content = await buffer(readSealedFile(server.jikim.db, of.packId));
  const parts: PackPart[] = [];
  let digest = "";
  const opened = await openPack(new Blob([content]).stream(), fileIdentity, async (file) => {
    const whole = await wholeOf(file, 10_000_000);
    if (file.path === "seal/manifest.json") digest = createHash("sha256").update(whole).digest("hex");
    const type = file.path.startsWith("data/kept/") ? "application/age" : "application/octet-stream";
    parts.push(...[exhibitPart(1, file.path, whole, type)].filter((part) => part !== null));
  });
  if ("trouble" in opened) throw new Error(opened.trouble);
  const { timestamp, log } = vouched(await vouchingOf(server, centre, of.packId));
  const more = [
    ...(timestamp === null ? [] : [["seal/timestamp.tsr", timestamp] as const]),
    ...(log === null
      ? []
      : ([
          ["seal/log-entry.json", JSON.stringify({ body: log.body, salt: log.salt })],
          ["seal/log-proof.txt", log.proof],
        ] as const)),
  ].map(([path, text]) => exhibitPart(1, path, new Uint8Array(Buffer.from(text)), "text/plain"));
  return { digest, fileIdentity, parts: [...parts, ...more.filter((part) => part !== null)] };
}

async function digested({ path, type, read }: PackPart) {
  const whole = Buffer.concat(await Array.fromAsync(read()));
  const digest = (name: string) => createHash(name).update(whole).digest("hex");
  return { path, type, bytes: whole.length, sha256: digest("sha256"), sha512: digest("sha512") };
}

/** An order for what a browser holds. */
export async function orderOf(
  { jikim }: Pick<TestJikim, "jikim">,
  exhibit: { readonly packId: string; readonly digest: string; readonly parts: readonly PackPart[] },
  changes: Partial<packs.PackOrder> & Pick<packs.PackOrder, "unit">,
): Promise<packs.PackOrder> {
  const at = jikim.now().toString();
  const { packId, digest, parts } = exhibit;
  return {
    ...{ packId: randomUUID(), exhibit: "A-1", ground: { kind: "consent" }, authorityId: null },
    ...{ legalBasis: "survivor's consent", mode: "hash-and-discard", startedAt: at, endedAt: at },
    exhibits: [{ packId, kind: "capture", exhibit: "capture 1", about: "지어낸 방", digest, messages: null }],
    ...{ zone: "Asia/Seoul", notStored: [], gaps: [], leftOut: [], kept: null, marks: [] },
    files: await Promise.all(parts.map(digested)),
    ...changes,
  };
}

/** Orders a pack, writes it and sends its ciphertext, as the desk does. */
export async function packUp(
  server: TestJikim,
  centre: SeededCentre,
  {
    caseId,
    order,
    parts,
  }: { readonly caseId: string; readonly order: packs.PackOrder; readonly parts: readonly PackPart[] },
  settle: () => Promise<unknown> = async () => undefined,
): Promise<{ readonly sealed: packs.SealedPack; readonly pack: Uint8Array; readonly sha256: string }> {
  const { app } = server;
  const url = `/api/desk/cases/${caseId}/packs`;
  const sealed = await did<packs.SealedPack>(post(app, centre.staff, url, order));
  await settle();
  const added = sealed.added.map(({ path, type, content }) => partOf(path, Buffer.from(content, "base64"), type));
  const manifest = { ...sealed, manifest: JSON.parse(sealed.text), signature: Buffer.from(sealed.signature, "base64") };
  const vouching = vouched(await vouchingOf(server, centre, order.packId));
  const recipients = [order.unit.recipient ?? ""];
  const stream = await writePack(manifest, vouching, { parts: [...parts, ...added], recipients });
  const pack = new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
  const { sha256 } = await did<{ sha256: string }>(upload(server, centre, { packId: order.packId, pack }));
  return { sealed, pack, sha256 };
}

export function upload(
  { app }: Pick<TestJikim, "app">,
  centre: SeededCentre,
  { packId, pack }: { readonly packId: string; readonly pack: Uint8Array },
) {
  const headers = { ...centre.staff.headers, "content-type": "application/octet-stream" };
  return app.inject({ method: "PUT", url: `/api/desk/packs/${packId}/sealed`, headers, payload: Buffer.from(pack) });
}

/** A link for a pack; its token. */
export async function refer({ app }: TestJikim, centre: SeededCentre, packId: string, days = 14): Promise<string> {
  const { link } = await did<{ link: string }>(
    post(app, centre.staff, `/api/desk/packs/${packId}/referrals`, { days }),
  );
  return link.slice(link.indexOf("#") + 1);
}

/** What somebody with a link asks. */
export function take({ app }: Pick<TestJikim, "app">, token: string, path: "" | "/sealed" = "") {
  return app.inject({ url: `/api/take${path}`, headers: { authorization: `Take ${token}` } });
}
