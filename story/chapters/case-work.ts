import type { Page } from "@playwright/test";
import { HER_WORDS, STAFF_WORDS } from "../planted.ts";
import { must, type Step, within } from "../step.ts";
import { button, deskSaid, titled } from "../words.ts";
import type { World } from "../world.ts";
import { type DeskSeat, signIn } from "./set-up.ts";

/** The intake person takes the case: reads it, takes it on, records the mandate, and writes to her. */
export async function takeCase(world: World, step: Step, seat: DeskSeat): Promise<void> {
  const { page } = seat;
  await step("desk: the passkey opens the desk, and the queue shows the next act and its clock", async () => {
    await signIn(seat, world, "intake");
    await titled(page, deskSaid("desk_nav_queue"));
    const row = page.getByRole("row").filter({ has: page.locator("[data-row]") });
    await row.getByText(deskSaid("desk_next_assign")).waitFor();
    await world.look(page, "desk-queue");
    await row.getByText(deskSaid("desk_due_later", { span: "" }).trim()).waitFor();
    await row.getByRole("link").click();
  });
  await step("desk: the case opens in her browser, items without pictures", async () => {
    await titled(page, deskSaid("desk_case_number", { number: 1 }));
    for (const words of [HER_WORDS.story, HER_WORDS.names, HER_WORDS.ways])
      await page.getByText(words, { exact: true }).waitFor();
    const items = page.locator("[data-item]");
    must((await items.count()) === 2, "not both items are there");
    await items.first().getByText(deskSaid("desk_not_listed")).waitFor();
    must((await page.locator("main :is(img, video, canvas)").count()) === 0, "the desk shows a picture");
    await world.look(page, "desk-case");
  });
  await step("desk: she takes the case on; it is sealed anew in her browser", () => assignToMe(world, page));
  await step("desk: she records the mandate", async () => {
    await page.getByLabel(deskSaid("desk_stated_is_depicted")).check();
    await page.getByLabel(deskSaid("desk_stated_no_consent")).check();
    await page.getByLabel(deskSaid("desk_mandate_statement")).fill(STAFF_WORDS.mandate);
    await button(page, deskSaid("desk_mandate_record")).click();
    await page.getByText(deskSaid("desk_mandate_by_talk")).waitFor();
    await page.getByText(STAFF_WORDS.mandate, { exact: true }).waitFor();
  });
  await step("desk: she writes to the survivor, and a note for colleagues", async () => {
    await page.getByLabel(deskSaid("desk_message_write")).fill(STAFF_WORDS.message);
    await button(page, deskSaid("desk_message_send")).click();
    await page.locator("#messages li").getByText(STAFF_WORDS.message, { exact: true }).waitFor();
    await page.getByLabel(deskSaid("desk_note_write")).fill(STAFF_WORDS.note);
    await button(page, deskSaid("desk_note_keep")).click();
    await page.locator("#notes li").getByText(STAFF_WORDS.note, { exact: true }).waitFor();
  });
}

async function assignToMe(world: World, page: Page): Promise<void> {
  await button(page, deskSaid("desk_assign")).click();
  const dialog = page.getByRole("dialog");
  const me = await dialog.locator("option", { hasText: deskSaid("desk_me") }).getAttribute("value");
  await dialog.getByLabel(deskSaid("desk_assign_to")).selectOption(me);
  await world.look(page, "desk-assign");
  await button(dialog, deskSaid("desk_assign_go")).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText(deskSaid("desk_assigned_to", { who: "상담 1" })).waitFor();
}

/** Reads the case anew until the page shows it. */
export async function untilShown(page: Page, seconds: number, what: string, isSo: () => Promise<boolean>) {
  await within(seconds, what, async () => {
    if (await isSo()) return true;
    await button(page, deskSaid("desk_reload")).click();
    await page.waitForTimeout(300);
    return isSo();
  });
}
