import { afterAll, beforeAll, expect, test } from "vitest";
import { type Prepared, prepareReport, sendReport } from "../../server/src/demo/survivor.ts";
import { inventedReport } from "./desk-report.ts";
import { axeFindingsAsIs, type World } from "./desk-world.ts";
import { arrive, openCentre, press, titled, visit, word } from "./portal-visit.ts";

let world: World;
let prepared: Prepared;

const DRIVE = "https://drive.google.com/file/d/invented0123456789/view";
const INVITE = "https://discord.gg/invented123";

beforeAll(async () => {
  world = await openCentre();
  const { origin } = world.running;
  const centre = await (await fetch(`${origin}/api/centre`)).json();
  const places = [DRIVE, INVITE, "https://board.example/p/1"].map((text) => ({ kind: "url" as const, text }));
  prepared = await prepareReport(centre, { ...inventedReport(), places });
  await sendReport(origin, prepared);
});
afterAll(() => world.close());

test("she is told what is watched, and says for many links at once whether they may be opened", async () => {
  const { page, complaints } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await press(page, "welcome_return");
  await page.getByLabel(word("code_title")).fill(prepared.code);
  await press(page, "return_open");
  await titled(page, "case_title");
  await page.getByText(word("watch_off_mandate")).waitFor();
  const asked = page.getByRole("region", { name: word("fetch_title") });
  expect(await asked.getByRole("checkbox").count()).toBe(2);
  expect(await asked.innerText()).not.toContain("board.example");
  expect(await axeFindingsAsIs(page)).toEqual([]);
  const folder = process.env.JIKIM_SCREENSHOTS;
  if (folder !== undefined) await page.screenshot({ path: `${folder}/portal-watch.png`, fullPage: true });
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
