import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { findPlatforms } from "../src/store/platform.ts";
import { sealPlatforms } from "../src/store/platform-sealing.ts";
import { findRecipient, keepRecipient } from "../src/store/recipient.ts";
import { approveAll, draftFirst, findRoutes, tellRecipient } from "./asking.ts";
import { createPlatform, did, openCase, post } from "./desk-work.ts";
import { dumpDatabase } from "./dump.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, type SeededStaff, seedCentre, seedStaff } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let colleague: SeededStaff;

beforeAll(async () => {
  server = await openTestJikim({ smtp: "smtp://127.0.0.1:1", mailFrom: "notices@centre.example" });
  centre = await seedCentre(server.jikim);
  colleague = await seedStaff(server.jikim, { pseudonym: "담당 1", roles: ["caseworker"], root: centre.root });
});
afterAll(() => server.close());

const change = (who: SeededStaff, id: string, body: object) =>
  post(server.app, who, `/api/desk/recipients/${id}`, body);
const find = (id: string) => findRecipient(server.jikim.db, server.jikim.vault, id);

test("a recipient told by hand needs a way to be reached and a name of its own", async () => {
  const body = {
    ...{ kind: "host", name: { ko: "가상 호스트", en: "Invented host" }, jurisdiction: null, language: "en" },
    ...{ mail: null, form: null, hosts: [], hostile: false },
  };
  const make = (told: object) => post(server.app, colleague, "/api/desk/recipients", { ...body, ...told });
  expect(codeOf(await make({}))).toBe("RECIPIENT_UNREACHABLE");
  expect(codeOf(await make({ form: "http://plain.invalid/" }))).toBe("BAD_REQUEST");
  const made = await did<desk.Recipient>(make({ mail: "abuse@host.invalid" }));
  expect(codeOf(await make({ mail: "abuse@host.invalid" }))).toBe("RECIPIENT_KNOWN");
  const listed = await did<desk.Recipient[]>(
    ask(server.app, { url: "/api/desk/recipients", headers: colleague.headers }),
  );
  expect(listed).toContainEqual(made);
});

test("everybody who works on cases may say who is the threat; only a supervisor takes that back or redirects notices", async () => {
  const { id } = await tellRecipient(server.app, centre.staff, { mail: "abuse@marked.invalid" });
  expect(codeOf(await change(colleague, id, { mail: "elsewhere@marked.invalid" }))).toBe("ROLE_MISSING");
  expect(codeOf(await change(colleague, id, { hostile: true, mail: "elsewhere@marked.invalid" }))).toBe("ROLE_MISSING");
  expect((await find(id))?.hostile).toBe(false);
  await did(change(colleague, id, { hostile: true }));
  expect((await find(id))?.hostile).toBe(true);
  expect(codeOf(await change(colleague, id, { hostile: false }))).toBe("ROLE_MISSING");
  await did(change(centre.staff, id, { hostile: false, mail: "elsewhere@marked.invalid" }));
  expect(await find(id)).toMatchObject({ hostile: false, card: { mail: "elsewhere@marked.invalid" } });
  expect(codeOf(await change(colleague, randomUUID(), { hostile: true }))).toBe("NOT_FOUND");
});

test("what is found again is one recipient with its newest card, unless a person knew better", async () => {
  const { db, vault } = server.jikim;
  const card = {
    ...({ kind: "registrar", name: { ko: "가상 등록처", en: "Invented registrar" }, registryKey: null } as const),
    ...({ jurisdiction: null, language: "en", mail: "abuse@registrar.invalid", form: null, api: null } as const),
    ...{ xarf: true, mostPlaces: 100, sameHost: false },
  };
  const keep = (changed: object) =>
    db
      .transaction()
      .execute((tx) =>
        keepRecipient(tx, vault, { card: { ...card, ...changed }, hosts: [], foundBy: "rdap" }, server.jikim.now()),
      );
  const id = await keep({});
  expect(await Promise.all([keep({ mostPlaces: 50 }), keep({ mostPlaces: 50 })])).toEqual([id, id]);
  expect((await find(id))?.card.mostPlaces).toBe(50);
  await did(change(centre.staff, id, { language: "ko" }));
  expect(await keep({ mostPlaces: 10 })).toBe(id);
  expect(await find(id)).toMatchObject({ foundBy: "hand", card: { language: "ko", mostPlaces: 50 } });
});

test("a platform written before cards were sealed keeps its name, hosts, address, key and mark, and nothing of it stays in the clear", async () => {
  const { db, vault } = server.jikim;
  const id = randomUUID();
  const createdAt = server.jikim.now().toString();
  await db
    .insertInto("recipient")
    .values({
      ...{
        id,
        kind: "platform",
        cardSealed: Buffer.alloc(0),
        cardKey: Buffer.from(id),
        ownedKeys: [],
        reachedKeys: [],
      },
      ...{ jurisdiction: null, language: "ko", hostile: true, foundBy: "hand", createdAt },
    })
    .execute();
  await db.insertInto("platform").values({ id, keyHash: null, createdAt }).execute();
  const old = { name: "OLDPLANTED 게시판", hosts: ["Oldplanted.example"], mail: "abuse@oldplanted.example" };
  await db
    .insertInto("unsealedPlatform")
    .values({ id, ...old, language: "ko" })
    .execute();
  await Promise.all([sealPlatforms(db, vault), sealPlatforms(db, vault)]);
  const sealed = (await findPlatforms(db, vault)).find((platform) => platform.id === id);
  expect(sealed).toMatchObject({
    hosts: ["oldplanted.example"],
    hostile: true,
    card: { name: { ko: old.name }, mail: old.mail },
  });
  expect((await dumpDatabase(server.database)).toLowerCase()).not.toContain("oldplanted");
  const disguised = await tellRecipient(server.app, centre.staff, { mail: "other@oldplanted.example" });
  expect(disguised.hostile).toBe(true);
});

test("nothing in the database says in the clear whom she is against: no place, site, recipient, address, name or where she lives", async () => {
  const { app } = server;
  await createPlatform(server, centre, { mail: "reports@plantedboard.example", hosts: ["plantedboard.example"] });
  const site = await tellRecipient(app, centre.staff, {
    ...{ name: { ko: "심어둔사이트", en: "PLANTEDSITE" }, mail: "abuse@plantedmail.example" },
    ...{ form: "https://plantedform.example/", hosts: ["plantedhost.example"] },
  });
  const texts = ["https://plantedboard.example/1", "https://t.me/planted_room", "https://plantedhost.example/x"];
  const { caseId } = await openCase(server, centre, { places: texts.map((text) => ({ kind: "url", text })) });
  const body = { by: "talk", add: ["is-in-au", "name-may-be-given"], retract: [], name: "심어둔이름" };
  await did(post(app, centre.staff, `/api/desk/cases/${caseId}/statements`, body));
  const routes = await findRoutes(app, centre.staff, caseId);
  const later = routes.flatMap(({ rungs }) => rungs.filter(({ afterHours }) => afterHours > 0));
  const { notices } = await draftFirst(app, centre.staff, caseId);
  expect(notices.map(({ recipient }) => recipient.id)).toContain(site.id);
  const complete = notices.filter(({ missing }) => missing.length === 0);
  await did(
    approveAll(app, centre.staff, complete, [...new Set(later.map(({ recipient }) => recipient.id))].slice(0, 2)),
  );
  const dump = (await dumpDatabase(server.database)).toLowerCase();
  for (const word of ["planted", "심어둔", "telegram", "t.me", "is-in-au", "name-may-be", "google"])
    expect(dump.includes(word), word).toBe(false);
});
