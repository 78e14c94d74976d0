/// <reference types="vite/client" />
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { certify, newRecoveryKey, newReturnCode, newSigningKey, newStaffKey, publicStaffKey } from "@jikim/evidence";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { trustKeys } from "../src/portal/centre.ts";
import { deliver } from "../src/portal/delivery.ts";
import { sealReport } from "../src/portal/submission.ts";
import { inventDraft } from "./portal-answers.ts";

const LATER = "2099-01-01T00:00:00Z";
let server: Server;
let asked: string[];
let shown: unknown;

/** A server that takes nothing at first, so that the page asks for the centre again. */
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.statusCode = request.url === "/api/centre" ? 200 : 503;
    response.end(JSON.stringify(request.url === "/api/centre" ? shown : {}));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { fetch } = globalThis;
  // What a page has and Node has not: its language, and paths without an origin.
  vi.stubGlobal("document", { documentElement: { lang: "ko" } });
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init));
});
afterEach(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

/** A centre whose certificates all hold under its own root. */
async function newCentre() {
  const root = newSigningKey();
  const text = { ko: "", en: "" };
  const staff = { staffId: crypto.randomUUID(), roles: ["intake" as const], ...(await publicStaffKey(newStaffKey())) };
  const { recipient } = await newRecoveryKey();
  const centre = {
    ...{ open: true, gate: "open" as const, name: text, contact: { phone: "", mail: "", hours: text }, duty: text },
    root: root.public,
    certificates: {
      service: certify({ kind: "service", verifyKey: newSigningKey().public, notAfter: LATER }, root.secret),
      recovery: certify({ kind: "recovery", recipient, notAfter: LATER }, root.secret),
      intake: [certify({ kind: "staff", notAfter: LATER, ...staff }, root.secret)],
    },
  };
  const keys = trustKeys(centre, Date.now());
  if (keys === null) throw new Error("the test's centre must be trusted");
  return { centre, keys };
}

const quiet = { onWaiting: () => undefined, signal: new AbortController().signal };

test("another root between two tries, with certificates that all hold under it: nothing is sent", async () => {
  const { keys } = await newCentre();
  shown = (await newCentre()).centre;
  const code = newReturnCode();
  const parcel = await sealReport(inventDraft(), keys, code, "ko");
  expect(await deliver({ parcel, code, keys, ...quiet })).toEqual({ as: "untrusted" });
  expect(asked).toEqual(["POST /api/challenges", "GET /api/centre"]);
});

test("a report that waited under one root is not sent to a centre that shows another", async () => {
  const code = newReturnCode();
  const parcel = await sealReport(inventDraft(), (await newCentre()).keys, code, "ko");
  const { keys } = await newCentre();
  expect(await deliver({ parcel, code, keys, ...quiet })).toEqual({ as: "untrusted" });
  expect(asked).toEqual([]);
});
