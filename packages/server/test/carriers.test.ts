import { afterAll, beforeAll, expect, test } from "vitest";
import type { Resolve } from "../src/checks/connect.ts";
import type { desk } from "../src/contract.ts";
import { lookUpHost } from "../src/places/find.ts";
import { draftFirst, findRoutes } from "./asking.ts";
import { openCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { DOCUMENTATION_4, domain, network } from "./rdap-records.ts";
import { bootstrap, openRegistries, type Registries } from "./registries.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let registries: Registries;
let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  registries = await openRegistries();
  registries.says = {
    ...bootstrap(registries.origin),
    "/names/domain/board.example": { body: domain("board.example") },
    "/names/domain/hidden.example": { body: domain("hidden.example") },
    "/numbers/ip/192.0.2.7": { body: network(DOCUMENTATION_4) },
  };
  const rdapFiles = `${registries.origin}/iana/`;
  server = await openTestJikim({ allowPrivateAddresses: true, rdapFiles, smtp: "smtp://127.0.0.1:1" });
  centre = await seedCentre(server.jikim);
});
afterAll(async () => {
  await server.close();
  await registries.close();
});

const pages = (...texts: string[]) => ({ places: texts.map((text) => ({ kind: "url" as const, text })) });

const resolve: Resolve = async (name) => [
  { address: name === "hidden.example" ? "104.16.0.7" : "192.0.2.7", family: 4 },
];

/** Asks about every host that the desk wants to know, as the workers do. */
async function askDirectories(): Promise<void> {
  const due = await server.jikim.db.selectFrom("hostLookup").select("id").where("nextTryAt", "is not", null).execute();
  for (const { id } of due) await lookUpHost(server.jikim, id, resolve);
}

const carriersOf = (route: desk.Route | undefined) =>
  route?.rungs.flatMap(({ recipient: { kind, name, foundBy }, afterHours, ways }) =>
    ["host", "network", "registrar"].includes(kind) ? [{ kind, name: name.en, foundBy, afterHours, ways }] : [],
  );

test("whoever hosts an unlisted site is found by the registries and asked at once by mail, its registrar days later", async () => {
  const { caseId } = await openCase(server, centre, pages("https://board.example/1", "https://www.board.example/2"));
  const waiting = await findRoutes(server.app, centre.staff, caseId);
  expect(waiting.map(({ asking }) => asking)).toEqual([true]);
  expect(waiting.flatMap(carriersOf)).toEqual([]);
  await askDirectories();
  const [route, ...others] = await findRoutes(server.app, centre.staff, caseId);
  expect([others, route?.asking, route?.silent, route?.places.length]).toEqual([[], false, [], 2]);
  expect(carriersOf(route)).toEqual([
    { kind: "host", name: "Invented Hosting GmbH", foundBy: "rdap", afterHours: 0, ways: ["mail"] },
    { kind: "registrar", name: "Invented Names Inc.", foundBy: "rdap", afterHours: 72, ways: ["mail"] },
  ]);
  const { notices } = await draftFirst(server.app, centre.staff, caseId);
  expect(notices.find(({ recipient }) => recipient.kind === "host")?.places).toHaveLength(2);
});

test("behind a delivery network it is the network that is asked, and the desk is told why there is no host", async () => {
  const { caseId } = await openCase(server, centre, pages("https://hidden.example/1"));
  await findRoutes(server.app, centre.staff, caseId);
  await askDirectories();
  const [route] = await findRoutes(server.app, centre.staff, caseId);
  expect(carriersOf(route)?.[0]).toMatchObject({
    kind: "network",
    name: "Cloudflare",
    foundBy: "registry",
    afterHours: 0,
  });
  expect(route?.silent).toEqual([{ kind: "host", why: "behind-network", byHand: null }]);
});
