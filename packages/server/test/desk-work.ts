import { randomUUID } from "node:crypto";
import type { Statement } from "@jikim/casework";
import { newCaseKey, publicStaffKey, reseal, seal, unwrapCaseKey, wrapCaseKey, writeAsStaff } from "@jikim/evidence";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import type { desk, Rekey } from "../src/contract.ts";
import type { Told } from "../src/demo/survivor.ts";
import type { TestJikim } from "./jikim.ts";
import { ask } from "./openapi.ts";
import type { SeededCentre, SeededPerson, SeededStaff } from "./seed.ts";
import { type Survivor, sendSurvivor } from "./survivor.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const bytes = (base64url: string) => Buffer.from(base64url, "base64url");

/** Posts as someone signed in. */
export function post(
  app: FastifyInstance,
  person: Pick<SeededPerson, "headers">,
  url: string,
  body: object = {},
): Promise<LightMyRequestResponse> {
  return ask(app, { method: "POST", url, body, headers: person.headers });
}

/** The same, and the answer must be a success. */
export async function did<T>(response: Promise<LightMyRequestResponse>): Promise<T> {
  const { statusCode, body } = await response;
  if (statusCode >= 300) throw new Error(`${statusCode} ${body}`);
  return JSON.parse(body) as T;
}

export async function readCase(
  app: FastifyInstance,
  person: Pick<SeededPerson, "headers">,
  id: string,
): Promise<desk.Case> {
  return did<desk.Case>(ask(app, { url: `/api/desk/cases/${id}`, headers: person.headers }));
}

/** A new key for a case, with everything re-sealed to it, as the desk makes it. */
export async function makeRekey(
  held: desk.Case,
  from: SeededStaff,
  to: readonly SeededStaff[],
  recovery: string,
): Promise<Rekey> {
  const old = await unwrapCaseKey(bytes(held.wrapped), from.key.identity);
  const next = await newCaseKey(old.survivorRecipient);
  const resealAll = (all: readonly { readonly id: string; readonly sealed: string }[]) =>
    Promise.all(
      all.map(async ({ id, sealed }) => ({
        id,
        sealed: text(await reseal(bytes(sealed), old.identity, next.recipient)),
      })),
    );
  const recipients: [string, string][] = [
    ["survivor", old.survivorRecipient],
    ["recovery", recovery],
  ];
  for (const { staffId, key } of to) recipients.push([staffId, (await publicStaffKey(key)).recipient]);
  const wraps = await Promise.all(
    recipients.map(async ([holder, recipient]) => ({ holder, wrapped: text(await wrapCaseKey(next, recipient)) })),
  );
  return {
    ...{ fromVersion: held.keyVersion, caseRecipient: next.recipient, wraps },
    documents: await resealAll(held.documents),
    fileKeys: await resealAll(held.fileKeys),
  };
}

/** Gives a case to the person who holds it. */
export async function takeCase(app: FastifyInstance, centre: SeededCentre, caseId: string): Promise<void> {
  const held = await readCase(app, centre.staff, caseId);
  const rekey = await makeRekey(held, centre.staff, [centre.staff], centre.recovery.recipient);
  await did(post(app, centre.staff, `/api/desk/cases/${caseId}/rekey`, { assignTo: centre.staff.staffId, rekey }));
}

/** A document as staff seal it under the key that the case has now. */
export async function sealedBy(
  staff: SeededStaff,
  held: desk.Case,
  kind: "message" | "note" | "mandate",
): Promise<{ id: string; keyVersion: number; sealed: string }> {
  const { key, certificate } = staff;
  const document = writeAsStaff(
    { text: "지어낸 글" },
    { caseId: held.id, kind },
    {
      certificate,
      signingSecret: key.signingSecret,
    },
  );
  return { id: randomUUID(), keyVersion: held.keyVersion, sealed: text(await seal(document, [held.caseRecipient])) };
}

/** What she states in most cases of these tests. */
export const STATED = ["is-depicted", "no-consent", "good-faith", "truth"] as const;

export async function recordMandate(
  app: FastifyInstance,
  staff: SeededStaff,
  caseId: string,
  statements: readonly Statement[] = STATED,
): Promise<void> {
  const document = await sealedBy(staff, await readCase(app, staff, caseId), "mandate");
  await did(post(app, staff, `/api/desk/cases/${caseId}/mandate`, { by: "talk", document, statements }));
}

export type OpenedCase = { readonly caseId: string; readonly survivor: Survivor };

/** A case that came in, and that nobody has taken. */
export async function receiveCase(
  { app, jikim }: Pick<TestJikim, "app" | "jikim">,
  told: Partial<Told> = {},
): Promise<OpenedCase> {
  const survivor = await sendSurvivor(app, told);
  const { id: caseId } = await jikim.db
    .selectFrom("cases")
    .select("id")
    .where("submissionId", "=", survivor.report.submissionId)
    .executeTakeFirstOrThrow();
  return { caseId, survivor };
}

/** A case taken on, with a mandate. */
export async function openCase(server: TestJikim, centre: SeededCentre, told: Partial<Told> = {}): Promise<OpenedCase> {
  const received = await receiveCase(server, told);
  await takeCase(server.app, centre, received.caseId);
  await recordMandate(server.app, centre.staff, received.caseId);
  return received;
}

/** Puts all items of a case on the list. @returns the entries' ids. */
export async function listAll(app: FastifyInstance, staff: SeededStaff, caseId: string): Promise<string[]> {
  const { items } = await readCase(app, staff, caseId);
  const body = { items: items.map((item) => item.id), basis: "self-reported", reference: null };
  await did(post(app, staff, `/api/desk/cases/${caseId}/entries`, body));
  return (await readCase(app, staff, caseId)).items.flatMap((item) => item.entry?.id ?? []);
}

export type MadePlatform = desk.Platform & { readonly headers: { readonly authorization: string } };

/** A platform with a key, unless told otherwise. */
export async function createPlatform(
  { app, jikim }: TestJikim,
  { admin }: SeededCentre,
  {
    mail = null,
    api = true,
    hosts = ["board.example"],
  }: { readonly mail?: string | null; readonly api?: boolean; readonly hosts?: readonly string[] } = {},
): Promise<MadePlatform> {
  const made = await did<desk.PlatformCreated>(
    post(app, admin, "/api/desk/platforms", {
      name: `가상 게시판 ${randomUUID().slice(0, 8)}`,
      ...{ hosts, mail, language: "ko" },
      api: api ? { expiresAt: jikim.now().add({ hours: 24 }).toString() } : null,
    }),
  );
  return { ...made.platform, headers: { authorization: `Bearer ${made.key}` } };
}

/** Drafts and approves a notice about all places of a case. @returns its id. */
export async function approveNotice(
  app: FastifyInstance,
  staff: SeededStaff,
  caseId: string,
  platform: Pick<desk.Platform, "id">,
): Promise<string> {
  const id = await draftNotice(app, staff, caseId, platform);
  await did(post(app, staff, "/api/desk/notices/approve", { notices: [id], recipients: [platform.id] }));
  return id;
}

export async function draftNotice(
  app: FastifyInstance,
  staff: SeededStaff,
  caseId: string,
  platform: Pick<desk.Platform, "id">,
): Promise<string> {
  const places = (await readCase(app, staff, caseId)).places.map((place) => place.id);
  const drafted = await did<{ notices: desk.Notice[] }>(
    post(app, staff, `/api/desk/cases/${caseId}/notices`, { places, recipients: [platform.id] }),
  );
  const [notice] = drafted.notices;
  if (notice === undefined) throw new Error("nothing was drafted");
  return notice.id;
}
