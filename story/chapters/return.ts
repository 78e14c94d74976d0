import type { Page } from "@playwright/test";
import { HER_WORDS, POST, STAFF_WORDS } from "../planted.ts";
import { must, type Step, within } from "../step.ts";
import { button, deskSaid, said, titled } from "../words.ts";
import type { World } from "../world.ts";
import { untilShown } from "./case-work.ts";
import { SOON_SECONDS } from "./list.ts";
import { comeBack } from "./report.ts";

/** She comes back with her code: places, messages, consents, who opened her case. `desk` is the caseworker's open case. */
export async function comeBackLater(world: World, step: Step, code: string, desk: Page): Promise<void> {
  const page = await world.phone.open();
  await step("return: with the code she sees each place and its state in plain words", async () => {
    await comeBack(world, page, code);
    await titled(page, said("case_title"));
    const place = page.getByRole("listitem").filter({ hasText: `/p/${POST}` });
    await place.getByText(said("place_back")).waitFor();
    await place.getByText(said("place_answered")).waitFor();
    await world.look(page, "portal-case");
  });
  await step("return: she reads the centre's message and answers; the desk reads it", async () => {
    await page.getByText(STAFF_WORDS.message, { exact: true }).waitFor();
    must((await page.getByText(STAFF_WORDS.note).count()) === 0, "she is shown a note of the staff");
    await page.getByLabel(said("message_write")).fill(HER_WORDS.answer);
    await button(page, said("message_send")).tap();
    await page.getByText(said("message_sent")).waitFor();
    const isThere = async () => (await desk.getByText(HER_WORDS.answer, { exact: true }).count()) > 0;
    await untilShown(desk, 10, "her answer at the desk", isThere);
    await world.look(desk, "desk-answered");
  });
  await step("return: she withdraws the sharing of fingerprints; the platform drops them within 5 s", () =>
    withdrawSharing(world, page),
  );
  await step("return: and she sees that the platform confirmed", async () => {
    const confirmed = page.getByText(said("item_withdrawn", { platforms: 1, confirmed: 1 }));
    await within(SOON_SECONDS, "the confirmation", async () => {
      await button(page, said("case_refresh")).tap();
      await page.waitForTimeout(200);
      return (await confirmed.count()) === 2;
    });
    await world.look(page, "portal-withdrawn");
    const listed = desk.locator("#items").getByText(deskSaid("desk_entry_withdrawn"));
    await untilShown(desk, 10, "the withdrawal at the desk", async () => (await listed.count()) === 2);
  });
  await step("return: she sees which role opened her case, and when", async () => {
    await page.getByText(said("releases_title")).tap();
    const lines = page.getByRole("listitem").filter({ hasText: said("release_opened") });
    await lines.filter({ hasText: "상담 1" }).first().waitFor();
    for (const what of [
      "release_listed",
      "release_notice_approved",
      "release_notice_sent",
      "release_withdrew",
    ] as const)
      await page
        .getByRole("listitem")
        .filter({ hasText: said(what) })
        .first()
        .waitFor();
    await world.look(page, "portal-releases");
    await button(page, said("case_close")).tap();
    await titled(page, said("welcome_title"));
  });
  await page.close();
}

async function withdrawSharing({ board, files, look }: World, page: Page): Promise<void> {
  const share = ` (${said("act_share")})`;
  await button(page, said("consent_withdraw") + share).tap();
  await look(page, "portal-withdraw");
  await button(page, said("consent_withdraw_yes") + share).tap();
  const pressed = performance.now();
  let at = 0;
  await within(SOON_SECONDS, "the board lets the picture through", async () => {
    at += 1;
    return (await board.upload(files[1].bytes, `let-through-${at}`)).status === 303;
  });
  must(performance.now() - pressed < SOON_SECONDS * 1000, "the board took longer than 5 s");
  await button(page, said("consent_give") + share).waitFor();
}
