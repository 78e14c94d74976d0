import { afterAll, beforeAll, expect, test } from "vitest";
import type { World } from "./desk-world.ts";
import { PLANTED } from "./portal-answers.ts";
import {
  answerAll,
  arrive,
  codeOn,
  countCases,
  openCentre,
  press,
  storedOn,
  titled,
  visit,
  word,
} from "./portal-visit.ts";

let world: World;
beforeAll(async () => {
  world = await openCentre();
}, 120_000);
afterAll(() => world?.close());

test("a phone that loses the network at send keeps the report sealed and sends it when the network is back", {
  timeout: 90_000,
}, async () => {
  const before = await countCases(world);
  const { page, context } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await answerAll(page);
  await context.setOffline(true);
  await press(page, "send");
  await titled(page, "waiting_title");
  await page.getByText(word("waiting_kept")).waitFor();
  const stored = await storedOn(page);
  expect(stored).toContain("notes/pages: 1");
  const code = await codeOn(page);
  for (const text of [...Object.values(PLANTED), "board.example", "age1", "AGE-SECRET-KEY", code])
    expect(stored).not.toContain(text);
  expect(await countCases(world)).toBe(before);
  await context.setOffline(false);
  await titled(page, "sent_title");
  expect(await storedOn(page)).not.toContain("notes");
  expect(await countCases(world)).toBe(before + 1);
  await context.close();
});

test("a report that waited in a closed tab is sent when she enters her code on this device", {
  timeout: 90_000,
}, async () => {
  const before = await countCases(world);
  const { page, context } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await answerAll(page);
  await context.setOffline(true);
  await press(page, "send");
  await titled(page, "waiting_title");
  const code = await codeOn(page);
  await page.close();
  await context.setOffline(false);
  const again = await context.newPage();
  await arrive(again, world.running.origin);
  await press(again, "welcome_return");
  await again.getByLabel(word("code_title")).fill(code);
  await press(again, "return_open");
  await titled(again, "sent_title");
  expect(await countCases(world)).toBe(before + 1);
  await press(again, "sent_open");
  await again.getByText(word("told_title")).click();
  await again.getByText(PLANTED.story).waitFor();
  await context.close();
});

test("when only the answer is lost on the way, the report is sent again and is one case", {
  timeout: 90_000,
}, async () => {
  const before = await countCases(world);
  const { page, context } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await answerAll(page);
  let lost = 0;
  await context.route("**/api/reports", async (route) => {
    await route.fetch();
    if (lost++ === 0) await route.abort();
    else await route.continue();
  });
  await press(page, "send");
  await titled(page, "sent_title");
  expect(lost).toBeGreaterThan(1);
  expect(await countCases(world)).toBe(before + 1);
  await context.close();
});

test("a server in trouble is said in plain words, and the report arrives once it is well", {
  timeout: 90_000,
}, async () => {
  const { page, context } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await answerAll(page);
  let tries = 0;
  await context.route("**/api/reports", async (route) => {
    if (tries++ > 0) return route.continue();
    const body = { error: { code: "DISK_FULL", message: "full" } };
    return route.fulfill({ status: 507, json: body });
  });
  await press(page, "send");
  await page.getByText(word("waiting_server")).waitFor();
  await titled(page, "sent_title");
  await context.close();
});

test("keys that the root did not sign: she is told plainly and nothing is sent", { timeout: 60_000 }, async () => {
  const { page, context, sent } = await visit(world.browser);
  await context.route("**/api/centre", async (route) => {
    const response = await route.fetch();
    const centre = (await response.json()) as { certificates: { intake: { payload: string; signature: string }[] } };
    const [first] = centre.certificates.intake;
    if (first) centre.certificates.intake.push({ ...first, payload: first.payload.replace("intake", "intake ") });
    await route.fulfill({ json: centre });
  });
  await arrive(page, world.running.origin);
  await press(page, "welcome_start");
  await titled(page, "untrusted_title");
  expect(sent.filter((request) => request.startsWith("POST"))).toEqual([]);
  await context.close();
});

test("keys exchanged while she writes are noticed at send, and nothing is sent", { timeout: 90_000 }, async () => {
  const before = await countCases(world);
  const { page, context } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await answerAll(page);
  await context.route("**/api/reports", (route) =>
    route.fulfill({ status: 409, json: { error: { code: "HOLDERS_CHANGED", message: "changed" } } }),
  );
  await context.route("**/api/centre", async (route) => {
    const centre = (await (await route.fetch()).json()) as { root: string };
    await route.fulfill({ json: { ...centre, root: centre.root.replace(/^../, "00") } });
  });
  await press(page, "send");
  await titled(page, "untrusted_title");
  expect(await countCases(world)).toBe(before);
  await context.close();
});

test("without a server the page says so and helps all the same", { timeout: 60_000 }, async () => {
  const { page, context } = await visit(world.browser);
  await context.route("**/api/centre", (route) => route.abort());
  await page.goto(`${world.running.origin}/`);
  await titled(page, "unreachable_title");
  await context.unroute("**/api/centre");
  await press(page, "try_again");
  await page.getByRole("button", { name: word("welcome_start") }).waitFor();
  await context.close();
});
