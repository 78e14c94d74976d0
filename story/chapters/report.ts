import { keysOfReturnCode, readReceipt, readReceiptText, readReturnCode, receiptCommitment } from "@jikim/evidence";
import type { Page } from "@playwright/test";
import { CODES, HER_WORDS, POST, ROOM, TRACKING } from "../planted.ts";
import { must, type Step } from "../step.ts";
import { button, said, titled } from "../words.ts";
import type { PhoneFile, World } from "../world.ts";

/** She reports on her phone, leaves in between, comes back by her code, and sends. Gives her return code, as shown. */
export async function report(world: World, step: Step): Promise<string> {
  await step("report: the picture is on the board", async () => {
    const { status } = await world.board.upload(world.files[0].bytes, POST);
    must(status === 303, `the board answered ${status}`);
    must((await world.board.open(POST)).status === 200, "the post does not open");
  });
  const first = await world.phone.open();
  await step("report: what staff must pass on opens the page, before any question", () => arrive(world, first));
  await step("report: danger, threat, age and what happened are asked in short steps", () => answerFirst(world, first));
  await step("report: pictures are fingerprinted on her phone and not shown", () =>
    choosePictures(world, first, world.files),
  );
  await step("report: pasted places are cleaned up and come once", () => pastePlaces(world, first));
  const code = await step("report: she writes, and leaves a draft", () => leaveDraft(world, first));
  await first.close();
  const second = await world.phone.open();
  await step("report: with the code she goes on where she stopped", () => resume(world, second, code));
  await step("report: names, safe contact, and a consent for each act", () => answerRest(world, second));
  await step("report: back and forward lose nothing", () => backAndForward(second));
  await step("report: she sends, and gets her code and a receipt that the service key signed", () =>
    send(world, second, code),
  );
  await second.close();
  return code;
}

async function arrive(world: World, page: Page): Promise<void> {
  await page.goto(world.origin);
  await titled(page, said("welcome_title"));
  const duty = page.getByRole("region", { name: said("welcome_duty_title") });
  must(((await duty.textContent()) ?? "").length > 50, "the duty to report is not told");
  must((await page.locator("main input, main textarea").count()) === 0, "something is asked before the duty is told");
  await world.look(page, "portal-welcome");
  await page.getByText(said("root_title")).tap();
  await page.getByText(/([0-9A-Z]{4}-){3,}[0-9A-Z]{4}/).waitFor();
  await button(page, said("welcome_start")).tap();
}

async function answerFirst(world: World, page: Page): Promise<void> {
  await titled(page, said("danger_title"));
  await world.look(page, "portal-danger");
  await button(page, said("no")).tap();
  await titled(page, said("threat_title"));
  await world.look(page, "portal-threat");
  await button(page, said("no")).tap();
  await titled(page, said("age_title"));
  await page.getByLabel(said("age_20s")).check();
  await world.look(page, "portal-age");
  await button(page, said("next")).tap();
  await titled(page, said("harms_title"));
  const harms = { synthesised: "harm_synthesised", harassed: "harm_harassed" } as const;
  for (const harm of CODES.slice(0, 2)) await page.getByLabel(said(harms[harm as keyof typeof harms])).check();
  await world.look(page, "portal-harms");
  await button(page, said("next")).tap();
}

async function choosePictures(world: World, page: Page, files: readonly PhoneFile[]): Promise<void> {
  await titled(page, said("pictures_title"));
  const chooser = page.waitForEvent("filechooser");
  await page.getByText(said("pictures_choose")).tap();
  await (await chooser).setFiles(files.map(({ path }) => path));
  await page.getByText(said("pictures_count", { count: files.length })).waitFor();
  must((await page.locator("img, video").count()) === 0, "a picture is shown that nobody asked for");
  await world.look(page, "portal-pictures");
  await button(page, said("next")).tap();
}

async function pastePlaces(world: World, page: Page): Promise<void> {
  await titled(page, said("places_title"));
  const post = `${world.board.url}/p/${POST}`;
  const tracked = [`${post}?utm_source=${TRACKING}`, `${post}?fbclid=${TRACKING}#top`];
  await page.getByLabel(said("places_label")).fill(`여기서 봤어요 ${tracked.join(" 그리고\n")}\n${ROOM} 방`);
  await button(page, said("places_add")).tap();
  await page.getByText(said("places_list", { count: 2 })).waitFor();
  must((await page.locator("main").textContent())?.includes(TRACKING) !== true, "tracking is left in a place");
  await world.look(page, "portal-places");
  await button(page, said("next")).tap();
}

async function leaveDraft(world: World, page: Page): Promise<string> {
  await titled(page, said("story_title"));
  await page.getByLabel(said("story_label")).fill(HER_WORDS.story);
  await world.look(page, "portal-story");
  await button(page, said("save_for_later")).tap();
  await titled(page, said("save_title"));
  await world.look(page, "portal-save");
  await button(page, said("save")).tap();
  await titled(page, said("saved_title"));
  await world.look(page, "portal-saved");
  const code = await shownCode(page);
  await button(page, said("saved_end")).tap();
  await titled(page, said("welcome_title"));
  return code;
}

/** Her return code as it stands on the page. */
export async function shownCode(page: Page): Promise<string> {
  return (await page.locator(".code .groups > span").allTextContents()).join("-");
}

/** Comes back with a code, in a new visit. */
export async function comeBack(world: World, page: Page, code: string): Promise<void> {
  await page.goto(world.origin);
  await button(page, said("welcome_return")).tap();
  await titled(page, said("return_title"));
  await page.getByLabel(said("code_title")).fill(code.toLowerCase());
  await world.look(page, "portal-return");
  await button(page, said("return_open")).tap();
}

async function resume(world: World, page: Page, code: string): Promise<void> {
  await comeBack(world, page, code);
  await titled(page, said("story_title"));
  const story = await page.getByLabel(said("story_label")).inputValue();
  must(story === HER_WORDS.story, "the story is not as she left it");
  await button(page, said("next")).tap();
}

async function answerRest(world: World, page: Page): Promise<void> {
  await titled(page, said("names_title"));
  await page.getByLabel(said("names_label")).fill(HER_WORDS.names);
  await world.look(page, "portal-names");
  await button(page, said("next")).tap();
  await titled(page, said("contact_title"));
  await page.getByLabel(said("contact_ways")).fill(HER_WORDS.ways);
  await page.getByLabel(said("contact_when")).fill(HER_WORDS.when);
  await page.getByLabel(said("contact_where")).fill(HER_WORDS.where);
  await page.getByLabel(said("contact_words")).fill(HER_WORDS.maySay);
  await world.look(page, "portal-contact");
  await button(page, said("next")).tap();
  for (const act of ["remove", "share", "police", "statistics"] as const) {
    await titled(page, said(`consent_${act}_title`));
    await world.look(page, `portal-consent-${act}`);
    await button(page, said(act === "police" ? "no" : "yes")).tap();
  }
  await titled(page, said("withdrawal_title"));
  await page.getByLabel(said("withdrawal_at_once")).check();
  await world.look(page, "portal-withdrawal");
  await button(page, said("next")).tap();
  await titled(page, said("notify_title"));
  await world.look(page, "portal-notify");
  await button(page, said("next")).tap();
  await titled(page, said("review_title"));
  await world.look(page, "portal-review");
}

async function backAndForward(page: Page): Promise<void> {
  await button(page, said("back")).tap();
  await titled(page, said("notify_title"));
  await button(page, said("next")).tap();
  await titled(page, said("review_title"));
  const shown = (await page.locator("main").textContent()) ?? "";
  for (const words of [HER_WORDS.story, HER_WORDS.names, HER_WORDS.maySay, ROOM, POST])
    must(shown.includes(words), "an answer is gone from the read-back");
}

async function send(world: World, page: Page, code: string): Promise<void> {
  await button(page, said("send")).tap();
  await titled(page, said("sent_title"));
  must((await shownCode(page)) === code, "another code than that of the draft");
  await page.getByText(said("receipt_title")).tap();
  await world.look(page, "portal-sent");
  const signed = readReceiptText(await page.getByLabel(said("receipt_line")).inputValue());
  const receipt = signed === null ? null : readReceipt(signed, world.running.jikim.service.public);
  const own = readReturnCode(code);
  must(receipt !== null && own !== null, "the service key did not sign the receipt");
  if (receipt === null || own === null) return;
  const isHers = receipt.commitment === receiptCommitment(keysOfReturnCode(own).receiptSecret);
  must(isHers, "the receipt is of another report");
  must(Math.abs(Date.parse(receipt.receivedAt) - Date.now()) < 60_000, "the receipt tells another time");
}
