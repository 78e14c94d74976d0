import { randomUUID } from "node:crypto";
import { newCaseKey, publicStaffKey, reseal, seal, unwrapCaseKey, wrapCaseKey, writeAsStaff } from "@jikim/evidence";
import type { desk, Rekey } from "../src/contract.ts";
import { call } from "../src/demo/call.ts";
import type { SeededStaff } from "../test/seed.ts";

/** Requests to the desk's API by kind. An act changes something; a look does not. */
export type Counted = { readonly acts: Map<string, number>; readonly looks: Map<string, number> };

/** One of the staff at the desk: everything she does is a request with her session, and is counted. */
export type Person = {
  readonly staff: SeededStaff;
  look<T>(path: string): Promise<T>;
  /** Looks that need a body; they change nothing in a case. */
  lookInto<T>(path: string, body: object): Promise<T>;
  act<T>(path: string, body: object): Promise<T>;
};

export function signedIn(origin: string, staff: SeededStaff, counted: Counted): Person {
  const { cookie } = staff.headers;
  const count = (into: Map<string, number>, path: string) => {
    const kind = path.replace(/\?.*$/, "").replace(/[0-9a-f-]{36}/g, ":id");
    into.set(kind, (into.get(kind) ?? 0) + 1);
  };
  const ask = async <T>(path: string, body?: object) =>
    (await call<T>(origin, { path, cookie, ...(body === undefined ? {} : { body }) })).json;
  return {
    staff,
    look: (path) => {
      count(counted.looks, path);
      return ask(path);
    },
    lookInto: (path, body) => {
      count(counted.looks, path);
      return ask(path, body);
    },
    act: (path, body) => {
      count(counted.acts, path);
      return ask(path, body);
    },
  };
}

/** All rows of a list of the desk, page by page. */
export async function lookThrough<T>(person: Person, path: string): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { readonly rows: T[]; readonly next: string | null } = await person.look(`${path}&limit=200${next}`);
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const bytes = (base64url: string) => Buffer.from(base64url, "base64url");

/** Gives a case to a colleague under a new key, as the desk does. */
export async function giveCase(
  giver: Person,
  { caseId, to, recovery }: { readonly caseId: string; readonly to: SeededStaff; readonly recovery: string },
): Promise<void> {
  const held = await giver.look<desk.Case>(`/api/desk/cases/${caseId}`);
  const old = await unwrapCaseKey(bytes(held.wrapped), giver.staff.key.identity);
  const next = await newCaseKey(old.survivorRecipient);
  const resealAll = (all: readonly { readonly id: string; readonly sealed: string }[]) =>
    Promise.all(
      all.map(async ({ id, sealed }) => ({
        id,
        sealed: text(await reseal(bytes(sealed), old.identity, next.recipient)),
      })),
    );
  const recipients = [
    ["survivor", old.survivorRecipient],
    ["recovery", recovery],
    [to.staffId, (await publicStaffKey(to.key)).recipient],
  ] as const;
  const wraps = await Promise.all(
    recipients.map(async ([holder, recipient]) => ({ holder, wrapped: text(await wrapCaseKey(next, recipient)) })),
  );
  const rekey: Rekey = {
    ...{ fromVersion: held.keyVersion, caseRecipient: next.recipient, wraps },
    documents: await resealAll(held.documents),
    fileKeys: await resealAll(held.fileKeys),
  };
  await giver.act(`/api/desk/cases/${caseId}/rekey`, { assignTo: to.staffId, rekey });
}

const STATED = ["is-depicted", "no-consent", "good-faith", "truth"] as const;

/** Records the mandate after a talk. */
export async function recordMandate({ act, staff }: Person, held: desk.Case): Promise<void> {
  const { key, certificate } = staff;
  const signing = { certificate, signingSecret: key.signingSecret };
  const signed = writeAsStaff({ text: "지어낸 글" }, { caseId: held.id, kind: "mandate" }, signing);
  const sealed = text(await seal(signed, [held.caseRecipient]));
  const document = { id: randomUUID(), keyVersion: held.keyVersion, sealed };
  await act(`/api/desk/cases/${held.id}/mandate`, { by: "talk", document, statements: STATED });
}
