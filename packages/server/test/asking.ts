import type { FastifyInstance } from "fastify";
import type { desk } from "../src/contract.ts";
import { did, post, readCase } from "./desk-work.ts";
import type { SeededPerson } from "./seed.ts";

type Person = Pick<SeededPerson, "headers">;

/** The routes of all places of a case. */
export async function findRoutes(app: FastifyInstance, staff: Person, caseId: string): Promise<desk.Route[]> {
  const { places } = await readCase(app, staff, caseId);
  const body = { places: places.map((place) => place.id) };
  const found = await did<{ routes: desk.Route[] }>(post(app, staff, `/api/desk/cases/${caseId}/routes`, body));
  return found.routes;
}

export type Drafted = { readonly notices: desk.Notice[]; readonly unreached: string[] };

/** Drafts notices about all places of a case to those who are asked at once. */
export async function draftFirst(app: FastifyInstance, staff: Person, caseId: string): Promise<Drafted> {
  const { places } = await readCase(app, staff, caseId);
  const body = { places: places.map((place) => place.id), recipients: "all-first-rungs" };
  return did<Drafted>(post(app, staff, `/api/desk/cases/${caseId}/notices`, body));
}

/** Approves notices, naming all their recipients. */
export function approveAll(
  app: FastifyInstance,
  staff: Person,
  notices: readonly desk.Notice[],
  later: readonly string[] = [],
) {
  const recipients = [...new Set(notices.map((notice) => notice.recipient.id))];
  const body = { notices: notices.map((notice) => notice.id), recipients, later };
  return post(app, staff, "/api/desk/notices/approve", body);
}

/** A recipient told by hand. */
export function tellRecipient(
  app: FastifyInstance,
  staff: Person,
  told: Partial<desk.RecipientPost>,
): Promise<desk.Recipient> {
  const body: desk.RecipientPost = {
    kind: "platform",
    name: { ko: `가상 사이트 ${crypto.randomUUID().slice(0, 8)}`, en: "Invented site" },
    ...{ jurisdiction: null, language: "ko", mail: null, form: null, hosts: [], hostile: false },
    ...told,
  };
  return did<desk.Recipient>(post(app, staff, "/api/desk/recipients", body));
}
