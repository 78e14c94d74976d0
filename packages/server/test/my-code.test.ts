import {
  keysOfReturnCode,
  newCaseKey,
  newReturnCode,
  openSealed,
  recipientOf,
  seal,
  unwrapCaseKey,
  wrapCaseKey,
} from "@jikim/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { portal } from "../src/contract.ts";
import { readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre, seedStaff } from "./seed.ts";
import { readMyCase, type Survivor, sendSurvivor } from "./survivor.ts";

let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
});
afterAll(() => server.close());

const replace = ({ headers }: Pick<Survivor, "headers">, body: object) =>
  ask(server.app, { method: "POST", url: "/api/my/code", headers, body });

test("a new code opens the case and everything in it under a new key, and the old one opens nothing", async () => {
  const survivor = await sendSurvivor(server.app);
  const my = await readMyCase(server.app, survivor);
  const replaced = await replacement(survivor, my);
  expect((await replace(survivor, replaced.body)).statusCode).toBe(200);
  expect(codeOf(await ask(server.app, { url: "/api/my/case", headers: survivor.headers }))).toBe("CODE_UNKNOWN");
  const after = await readMyCase(server.app, replaced);
  expect(after).toMatchObject({ id: my.id, keyVersion: 2 });
  const key = await unwrapCaseKey(Buffer.from(after.wrapped, "base64url"), keysOfReturnCode(replaced.code).identity);
  for (const { sealed } of after.documents) {
    await expect(openSealed(Buffer.from(sealed, "base64url"), key.identity)).resolves.toMatchObject({ by: "survivor" });
    await expect(openSealed(Buffer.from(sealed, "base64url"), survivor.key.identity)).rejects.toThrow();
  }
  expect(after.releases.at(-1)).toMatchObject({ role: "survivor", what: "code-replaced" });
});

test("a code is not replaced with a holder more or less, a document missing, or over an old key", async () => {
  const survivor = await sendSurvivor(server.app);
  const my = await readMyCase(server.app, survivor);
  const { body } = await replacement(survivor, my);
  const { rekey } = body;
  const other = await seedStaff(server.jikim, { pseudonym: "상담 2", roles: ["caseworker"], root: centre.root });
  const refused = [
    ["HOLDERS_CHANGED", { wraps: [...rekey.wraps, { holder: other.staffId, wrapped: "AAAA" }] }],
    [
      "HOLDERS_CHANGED",
      { wraps: rekey.wraps.map((wrap) => (wrap.holder === "recovery" ? { ...wrap, holder: other.staffId } : wrap)) },
    ],
    ["DOCUMENTS_CHANGED", { documents: rekey.documents.slice(1) }],
    ["KEY_CHANGED", { fromVersion: 2 }],
  ] as const;
  for (const [code, change] of refused)
    expect(codeOf(await replace(survivor, { ...body, rekey: { ...rekey, ...change } }))).toBe(code);
  expect(await readMyCase(server.app, survivor)).toMatchObject({ keyVersion: 1, wrapped: my.wrapped });
});

test("a code is replaced also when no staff hold the key any more", async () => {
  const survivor = await sendSurvivor(server.app);
  const my = await readMyCase(server.app, survivor);
  const { body, headers } = await replacement(survivor, my);
  await server.jikim.db
    .deleteFrom("caseWrap")
    .where("caseId", "=", my.id)
    .where("holder", "not in", ["survivor", "recovery"])
    .execute();
  const wraps = body.rekey.wraps.filter(({ holder }) => ["survivor", "recovery"].includes(holder));
  expect((await replace(survivor, { ...body, rekey: { ...body.rekey, wraps } })).statusCode).toBe(200);
  expect(await readMyCase(server.app, { headers })).toMatchObject({ keyVersion: 2 });
});

test.each(["at-once", "after-24-hours"] as const)(
  "a replaced code asks that her safe contact be told only when she chose so (%s), and giving a consent does not settle it",
  async (withdrawalPlan) => {
    const survivor = await sendSurvivor(server.app, { withdrawalPlan });
    const my = await readMyCase(server.app, survivor);
    const { body, headers } = await replacement(survivor, my);
    const taken = { assignedTo: centre.staff.staffId, state: "open" as const };
    await server.jikim.db.updateTable("cases").set(taken).where("id", "=", my.id).execute();
    expect((await replace(survivor, body)).statusCode).toBe(200);
    const consents = { method: "POST", url: "/api/my/consents", headers } as const;
    for (const change of ["withdraw", "give"])
      expect((await ask(server.app, { ...consents, body: { act: "share", change } })).statusCode).toBe(200);
    const held = await readCase(server.app, centre.staff, my.id);
    const asks = withdrawalPlan === "after-24-hours";
    expect([held.safeContactWaiting, held.next.act === "tell-safe-contact"]).toEqual([asks, asks]);
  },
);

/** What her page sends to replace the code, and what the new code opens. */
async function replacement(survivor: Survivor, my: portal.MyCase) {
  const code = newReturnCode();
  const keys = keysOfReturnCode(code);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const survivorRecipient = await recipientOf(keys.identity);
  const key = await newCaseKey(survivorRecipient);
  const wraps = survivor.report.wraps.map(async ({ holder }) => ({
    holder,
    wrapped: text(await wrapCaseKey(key, survivorRecipient)),
  }));
  const documents = my.documents.map(async ({ id, sealed }) => {
    const opened = await openSealed(Buffer.from(sealed, "base64url"), survivor.key.identity);
    return { id, sealed: text(await seal(opened, [key.recipient])) };
  });
  const rekey = {
    fromVersion: my.keyVersion,
    caseRecipient: key.recipient,
    wraps: await Promise.all(wraps),
    documents: await Promise.all(documents),
  };
  return {
    code,
    body: { token: keys.token, survivorRecipient, rekey },
    headers: { authorization: `Return ${keys.token}` },
  };
}
