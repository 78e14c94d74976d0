import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Prepared, prepareReport, sendReport } from "../../server/src/demo/survivor.ts";
import { eraseWhole } from "../../server/src/erasure/case.ts";
import { eraseEvidence } from "../../server/src/store/retention.ts";
import { sweepSource } from "../../server/src/watch/sweep-source.ts";
import { did, listAll, openCase, post } from "../../server/test/desk-work.ts";
import { type SeededCentre, seedCentre } from "../../server/test/seed.ts";
import { axeFindingsAsIs } from "./axe.ts";
import { newPerson, type Person } from "./desk-browser.ts";
import { inventedReport } from "./desk-report.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";
import { arrive, press, titled, visit, word } from "./portal-visit.ts";

let world: World;
let seeded: SeededCentre;
let prepared: Prepared;

const DRIVE = "https://drive.google.com/file/d/invented0123456789/view";
const INVITE = "https://discord.gg/invented123";

beforeAll(async () => {
  world = await openWorld();
  seeded = await seedCentre(world.running.jikim);
  const { origin } = world.running;
  const centre = await (await fetch(`${origin}/api/centre`)).json();
  const places = [DRIVE, INVITE, "https://board.example/p/1"].map((text) => ({ kind: "url" as const, text }));
  prepared = await prepareReport(centre, { ...inventedReport(), places });
  await sendReport(origin, prepared);
});
afterAll(() => world.close());

async function openHerCase(page: Page, code: string): Promise<void> {
  await arrive(page, world.running.origin);
  await press(page, "welcome_return");
  await page.getByLabel(word("code_title")).fill(code);
  await press(page, "return_open");
  await titled(page, "case_title");
}

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.JIKIM_SCREENSHOTS;
  if (folder === undefined) return;
  await page.screenshot({ path: `${folder}/${name}-${page.viewportSize()?.width}.png`, fullPage: true });
}

test("a caseworker asks about a link by one key, she answers in the portal, and what follows does so by itself", async () => {
  const { app, jikim } = world.running;
  const link = "https://leak.example/v/0b9f2f3e44aa4d1e9c430a6f0f1f2a3b";
  const consents = { remove: true, share: false, police: false, statistics: false };
  const { caseId, survivor } = await openCase({ app, jikim } as Parameters<typeof openCase>[0], seeded, {
    ...{ places: [{ kind: "url", text: link }], consents },
  });
  const desks = [await newPerson(world.browser), await newPerson(world.browser, { width: 360 })];
  for (const { page } of desks) {
    await signInByPassphrase(page, world.running.origin, seeded.staff);
    await page.getByRole("link", { name: /링크를 열어도 되는지 당사자에게 묻기/ }).click();
    await page.getByRole("button", { name: "당사자에게 묻기 (1곳)" }).waitFor();
    await shoot(page, "desk-link-question");
    expect(await axeFindingsAsIs(page)).toEqual([]);
  }
  const [{ page: desk, complaints }] = desks as [Person];
  await desk.getByRole("button", { name: "당사자에게 묻기 (1곳)" }).click();
  await desk.getByText(/에 물음, 아직 답 없음/).waitFor();

  const { page } = await visit(world.browser);
  await openHerCase(page, survivor.code);
  await page.getByText("링크를 열어 보기 전에 여쭤봐요").first().waitFor();
  await shoot(page, "portal-link-question");
  const looks = () =>
    jikim.db.selectFrom("place").select("nextCheckAt").where("caseId", "=", caseId).executeTakeFirstOrThrow();
  await press(page, "fetch_yes");
  await page.getByText(word("fetch_saved")).waitFor();
  expect((await looks()).nextCheckAt).not.toBeNull();
  await desk.getByRole("button", { name: "새로 열기" }).click();
  await desk.getByText("당사자: ✓ 네").waitFor();
  await press(page, "fetch_no");
  await expect
    .poll(async () => {
      await desk.getByRole("button", { name: "새로 열기" }).click();
      return desk.getByText("당사자: ✕ 아니요").count();
    })
    .toBe(1);
  expect(await desk.getByRole("button", { name: /당사자에게 묻기/ }).count()).toBe(0);
  expect(complaints).toEqual([]);
});

test("she is told what is watched, and says for many links at once whether they may be opened", async () => {
  const { page, complaints } = await visit(world.browser);
  await openHerCase(page, prepared.code);
  await page.getByText(word("watch_off_mandate")).waitFor();
  const asked = page.getByRole("region", { name: word("fetch_title") });
  expect(await asked.getByRole("checkbox").count()).toBe(2);
  expect(await asked.innerText()).not.toContain("board.example");
  expect(await axeFindingsAsIs(page)).toEqual([]);
  await shoot(page, "portal-watch");
  const saysYes = async () => {
    const rows = world.running.jikim.db.selectFrom("place").select("id").where("fetchYesSurvivor", "is not", null);
    return (await rows.execute()).length;
  };
  expect(await saysYes()).toBe(0);
  await press(page, "fetch_yes");
  await page.getByText(word("fetch_saved")).waitFor();
  expect(await saysYes()).toBe(2);
  await asked.getByRole("checkbox", { name: new RegExp(INVITE) }).uncheck();
  await press(page, "fetch_no");
  await expect.poll(saysYes).toBe(1);
  expect(complaints).toEqual([]);
});

test("she reads how many sources are watched, and when one was last looked at once one has been", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const board = createServer(async (_, response) => {
    await held;
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>글</title><p>지어낸 글</p>");
  });
  await new Promise<void>((ready) => board.listen(0, "127.0.0.1", ready));
  try {
    const { app, jikim } = world.running;
    const { survivor } = await openCase({ app, jikim } as Parameters<typeof openCase>[0], seeded, { places: [] });
    await did(
      post(app, seeded.staff, "/api/desk/sources", {
        ...{ kind: "page", address: `http://127.0.0.1:${(board.address() as AddressInfo).port}/list`, everyHours: 6 },
        authorisation: { text: "가상 게시판과 맺은 협약, 지어낸 문서 3", on: "2026-01-02" },
      }),
    );
    const visits = [await visit(world.browser), await visit(world.browser, { width: 1280 })];
    const watched = (page: Page) => page.getByRole("region", { name: word("watch_title") });
    const [before = "", after = ""] = ["watch_on_not_yet", "watch_on"].map((key) =>
      word(key).replace("{sources}", "1"),
    );
    for (const { page } of visits) {
      await openHerCase(page, survivor.code);
      await watched(page).getByText(before).waitFor();
      await shoot(page, "portal-watch-before");
    }
    release();
    for (const { id } of await jikim.db.selectFrom("source").select("id").execute()) await sweepSource(jikim, id);
    const sweptAt = () => jikim.db.selectFrom("source").select("lastSweptAt").executeTakeFirstOrThrow();
    await expect.poll(async () => (await sweptAt()).lastSweptAt, { timeout: 15_000 }).not.toBeNull();
    for (const { page, complaints } of visits) {
      await page.goto("about:blank");
      await openHerCase(page, survivor.code);
      const text = watched(page).getByText(after.split("{at}")[0] ?? "");
      await text.waitFor();
      expect(await text.innerText()).toMatch(/\d+월 \d+일/);
      await shoot(page, "portal-watch-after");
      expect(await axeFindingsAsIs(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  } finally {
    release();
    board.close();
  }
});

test("where her records were destroyed her code says so, and takes back the fingerprints that stay on the list", async () => {
  const { app, jikim } = world.running;
  const codes = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
  const consents = { remove: true, share: true, police: false, statistics: false };
  const { caseId, survivor } = await openCase({ app, jikim } as Parameters<typeof openCase>[0], seeded, {
    ...{ codes, consents },
  });
  await listAll(app, seeded.staff, caseId);
  const at = jikim.now();
  await jikim.db.transaction().execute(async (tx) => {
    await eraseEvidence(tx, caseId, { at, because: "due", rule: "kr-ordinary" });
    await eraseWhole(tx, jikim, { caseId, at, list: "keep" });
  });
  for (const width of [1280, 360]) {
    const { page, complaints } = await visit(world.browser, { width });
    await openHerCase(page, survivor.code);
    await page.getByText("이 접수의 기록은", { exact: false }).waitFor();
    expect(await page.getByText("증거와 기록을 없앴어요").count()).toBe(1);
    expect(await axeFindingsAsIs(page)).toEqual([]);
    await shoot(page, "portal-erased");
    if (width === 360) {
      await press(page, "case_erased_take_back", "consent_withdraw_yes");
      await page.getByText("지문을 거두어들였어요", { exact: false }).waitFor();
      await shoot(page, "portal-erased-withdrawn");
    }
    expect(complaints).toEqual([]);
  }
});
