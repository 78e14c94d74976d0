import { certify, newSigningKey, type SigningKey } from "@jikim/evidence";
import type { desk, portal } from "@jikim/server/contract";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { INVENTED_CENTRE } from "../../packages/server/src/demo/invented.ts";
import { type SetUp, setUpCentre } from "../../packages/server/src/demo/staff.ts";
import { comeBack, shownCode } from "../chapters/report.ts";
import { NEUTRAL_PAGE } from "../people.ts";
import { HER_WORDS, POST, ROOM } from "../planted.ts";
import { holds } from "../search.ts";
import { button, deskSaid, said, titled } from "../words.ts";
import { openWorld, type World } from "../world.ts";
import { keptOn } from "./kept.ts";
import { press, tabTo, write } from "./keyboard.ts";
import { shortReport } from "./short-report.ts";
import { startTamperer, type Tamperer } from "./tamper.ts";

/** An open centre, and what can go wrong on the way to it. */
let world: World;
let setUp: SetUp;
let tamperer: Tamperer;
let serverPort = 0;

beforeAll(async () => {
  tamperer = await startTamperer(() => serverPort);
  const before = (port: number) => {
    serverPort = port;
    return tamperer.port;
  };
  world = await openWorld({ before });
  setUp = await setUpCentre(world.origin, world.running.setupToken ?? "", INVENTED_CENTRE);
});
afterAll(async () => {
  await world?.close();
  await tamperer?.stop();
});

async function casesHeld(): Promise<number> {
  return (await world.running.jikim.db.selectFrom("cases").select("id").execute()).length;
}

/** Sends without a network, and waits for the words that say so. */
async function sendInVain(page: Page): Promise<string> {
  world.recorder.cut();
  await button(page, said("send")).tap();
  await titled(page, said("waiting_title"));
  await page.getByText(said("waiting_network")).waitFor();
  await page.getByText(said("waiting_kept")).waitFor();
  return shownCode(page);
}

test("without a network at send her report waits sealed under a neutral name, and is delivered when it is back", async () => {
  const before = await casesHeld();
  const page = await shortReport(world);
  const code = await sendInVain(page);
  const { names, bytes } = await keptOn(page);
  expect(names).toEqual(["notes/pages"]);
  expect(bytes.length).toBeGreaterThan(1000);
  const secrets = [...HER_WORDS.story.split(" "), ROOM, code, code.replaceAll("-", ""), "AGE-SECRET-KEY"];
  expect(secrets.filter((secret) => holds(bytes, secret))).toEqual([]);
  expect(await casesHeld()).toBe(before);
  world.recorder.restore();
  await page.getByRole("heading", { name: said("sent_title") }).waitFor({ timeout: 40_000 });
  expect((await keptOn(page)).names).toEqual([]);
  expect(await casesHeld()).toBe(before + 1);
  await page.close();
});

test("leaving keeps a report that was sent without a network; with her code it goes on its way", async () => {
  const before = await casesHeld();
  const page = await shortReport(world);
  const code = await sendInVain(page);
  for (let at = 0; at < 3; at++) await page.keyboard.press("Shift");
  await page.waitForURL(`${NEUTRAL_PAGE}**`);
  world.recorder.restore();
  await page.close();
  const later = await world.phone.open();
  await comeBack(world, later, code);
  await later.getByRole("heading", { name: said("sent_title") }).waitFor({ timeout: 40_000 });
  expect((await keptOn(later)).names).toEqual([]);
  expect(await casesHeld()).toBe(before + 1);
  await later.close();
});

type Certified = Pick<desk.StaffMember, "id" | "roles"> & { readonly recipient: string };

function certificateOf({ id: staffId, roles, recipient }: Certified, { public: verifyKey, secret }: SigningKey) {
  const notAfter = new Date(Date.now() + 86_400_000).toISOString();
  return certify({ kind: "staff", staffId, roles, recipient, verifyKey, notAfter }, secret);
}

/** A colleague whose key was put in by someone who is not the root. */
function forged(member: desk.StaffMember): desk.StaffMember {
  if (member.key === null) return member;
  const stranger = newSigningKey();
  const { recipient } = member.key;
  const certificate = certificateOf({ ...member, recipient }, stranger);
  return { ...member, key: { recipient, verifyKey: stranger.public }, certificate };
}

test("a staff key that the root did not sign is refused by the portal: nothing is sent", async () => {
  const { staffId } = setUp.intake.colleague;
  const intake = [certificateOf({ id: staffId, roles: ["intake"], recipient: "age1stranger" }, newSigningKey())];
  const forge = (centre: portal.Centre) => ({ ...centre, certificates: { ...centre.certificates, intake } });
  tamperer.rewrites = { "/api/centre": (centre) => forge(centre as portal.Centre) };
  const before = await casesHeld();
  const page = await world.phone.open();
  await page.goto(world.origin);
  await button(page, said("welcome_start")).tap();
  await titled(page, said("untrusted_title"));
  expect(await page.locator("main textarea, main input").count()).toBe(0);
  tamperer.rewrites = {};
  expect(await casesHeld()).toBe(before);
  await page.close();
});

/** The centre as an altered server would show it: with a recovery key of its own. */
function withForgedRecovery(centre: portal.Centre): portal.Centre {
  const recipient = "age1stranger";
  const notAfter = new Date(Date.now() + 86_400_000).toISOString();
  const recovery = certify({ kind: "recovery", recipient, notAfter }, newSigningKey().secret);
  return { ...centre, certificates: { ...centre.certificates, recovery } };
}

async function openCaseByPassphrase(): Promise<Page> {
  const page = await world.computer.open();
  await page.goto(`${world.origin}/desk/`);
  await page.getByText(deskSaid("desk_sign_in_passphrase")).click();
  await page.getByLabel(deskSaid("desk_pseudonym")).fill(setUp.intake.pseudonym);
  await page.getByLabel(deskSaid("desk_passphrase"), { exact: true }).fill(setUp.intake.passphrase);
  await button(page, deskSaid("desk_sign_in_go")).click();
  await page.locator("[data-row]").first().click();
  await page.getByText(HER_WORDS.story).waitFor();
  return page;
}

test("a staff key that the root did not sign is refused by the desk: no case is given to it", async () => {
  const page = await openCaseByPassphrase();
  const colleagues = page.getByRole("dialog").locator("option:not([disabled])");
  await button(page, deskSaid("desk_assign")).click();
  expect(await colleagues.count()).toBe(1);
  await button(page.getByRole("dialog"), deskSaid("desk_cancel")).click();
  tamperer.rewrites = { "/api/desk/staff": (staff) => (staff as desk.StaffMember[]).map(forged) };
  await page.getByRole("link", { name: deskSaid("desk_nav_staff"), exact: true }).click();
  await page.getByText(deskSaid("desk_staff_false")).first().waitFor();
  await page.goBack();
  await page.getByText(HER_WORDS.story).waitFor();
  await button(page, deskSaid("desk_assign")).click();
  expect(await colleagues.count()).toBe(0);
  tamperer.rewrites = {};
  await page.close();
});

test("a recovery key that the root did not sign is refused by the desk: no case is sealed to it", async () => {
  const page = await openCaseByPassphrase();
  await button(page, deskSaid("desk_assign")).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(deskSaid("desk_assign_to")).selectOption(setUp.intake.colleague.staffId);
  tamperer.rewrites = { "/api/centre": (centre) => withForgedRecovery(centre as portal.Centre) };
  await button(dialog, deskSaid("desk_assign_go")).click();
  await dialog.getByRole("alert").getByText(deskSaid("desk_no_certified")).waitFor();
  tamperer.rewrites = {};
  const { db } = world.running.jikim;
  expect((await db.selectFrom("cases").select("keyVersion").execute()).map(({ keyVersion }) => keyVersion)).toEqual(
    Array.from({ length: await casesHeld() }, () => 1),
  );
  await page.close();
});

test("everything from the first page to the receipt works by keyboard alone", async () => {
  const page = await world.computer.open();
  await page.goto(world.origin);
  await titled(page, said("welcome_title"));
  await press(page, button(page, said("welcome_start")), "Enter");
  for (const title of ["danger_title", "threat_title"] as const) {
    await titled(page, said(title));
    await press(page, button(page, said("no")), "Enter");
  }
  await tabTo(page, page.getByRole("radio").first());
  for (let at = 0; at < 5; at++) await page.keyboard.press("ArrowDown");
  expect(await page.getByLabel(said("age_20s")).isChecked()).toBe(true);
  await press(page, button(page, said("next")), "Enter");
  await press(page, page.getByLabel(said("harm_feared")), "Space");
  await press(page, button(page, said("next")), "Enter");
  const chooser = page.waitForEvent("filechooser");
  await press(page, page.locator("#files"), "Enter");
  await (await chooser).setFiles(world.files[0].path);
  await page.getByText(said("pictures_count", { count: 1 })).waitFor();
  await press(page, button(page, said("next")), "Enter");
  await write(page, page.getByLabel(said("places_label")), `https://board.example/${POST} ${ROOM}`);
  await press(page, button(page, said("places_add")), "Enter");
  await page.getByText(said("places_list", { count: 2 })).waitFor();
  await press(page, button(page, said("next")), "Enter");
  await write(page, page.getByLabel(said("story_label")), HER_WORDS.story);
  await press(page, button(page, said("next")), "Enter");
  await write(page, page.getByLabel(said("names_label")), HER_WORDS.names);
  await press(page, button(page, said("next")), "Enter");
  await write(page, page.getByLabel(said("contact_when")), HER_WORDS.when);
  await press(page, button(page, said("next")), "Enter");
  for (const act of ["remove", "share", "police", "statistics"] as const) {
    await titled(page, said(`consent_${act}_title`));
    await press(page, button(page, said("yes")), "Enter");
  }
  await titled(page, said("withdrawal_title"));
  await press(page, page.getByLabel(said("withdrawal_at_once")), "Space");
  await press(page, button(page, said("next")), "Enter");
  await titled(page, said("notify_title"));
  await press(page, button(page, said("next")), "Enter");
  await titled(page, said("review_title"));
  await press(page, button(page, said("send")), "Enter");
  await titled(page, said("sent_title"));
  const code = await shownCode(page);
  await press(page, page.getByText(said("receipt_title")), "Enter");
  await page.getByLabel(said("receipt_line")).waitFor();
  await press(page, button(page, said("sent_open")), "Enter");
  await titled(page, said("case_title"));
  await press(page, button(page, said("case_close")), "Enter");
  await press(page, button(page, said("welcome_return")), "Enter");
  await write(page, page.getByLabel(said("code_title")), code);
  await press(page, button(page, said("return_open")), "Enter");
  await titled(page, said("case_title"));
  await page.close();
});

test("on none of these ways was the content security policy broken", () => {
  expect([...world.phone.complaints, ...world.computer.complaints]).toEqual([]);
});
