import { readFile } from "node:fs/promises";
import { newAgeIdentity, recipientOf } from "@jikim/evidence";
import { verifyPack } from "@jikim/evidence/pack";
import type { Page } from "@playwright/test";
import { openComputer } from "../people.ts";
import { STAFF_WORDS, UNIT } from "../planted.ts";
import { must, type Step } from "../step.ts";
import { button, deskSaid, evidenceSaid } from "../words.ts";
import type { World } from "../world.ts";

/** A browser has to start, as another user, and the page to be looked at. */
const SEALING_MS = 60_000;

/** What is there is sealed before anybody is asked to remove it, and goes to a police unit, which checks it without us. */
export async function keepEvidence(world: World, step: Step, page: Page): Promise<void> {
  await step("evidence: one key seals the place; nobody sees a picture, and none is kept", () => seal(world, page));
  const identity = newAgeIdentity();
  const link = await step("evidence: packed in her browser for a police unit, and handed over by a link", () =>
    handOver(world, page, identity),
  );
  const file = await step("evidence: the unit fetches the pack and says that it has it", () => take(world, link));
  await step("evidence: everything in the pack holds, checked by the unit's key alone", () =>
    check(world, file, identity),
  );
  await step("evidence: what was done with it stands in its custody", async () => {
    const toCase = page.getByRole("link", { name: deskSaid("desk_case_number", { number: 1 }) });
    await toCase.click();
    await page
      .locator("#evidence")
      .getByRole("link", { name: evidenceSaid("ev_to_evidence") })
      .click();
    await page.locator("#custody tr[data-did=taken]").waitFor();
    await page.locator("[data-referral=taken]").getByText(UNIT.receipt).waitFor();
    await world.look(page, "desk-custody");
    await toCase.click();
    await page.locator('[data-item="1"]').waitFor();
  });
}

async function seal(world: World, page: Page): Promise<void> {
  await page
    .locator("#evidence")
    .getByRole("link", { name: evidenceSaid("ev_to_evidence") })
    .click();
  const place = page.locator("#captures [data-place='1']");
  await button(place, `1. ${evidenceSaid("ev_seal_now")}`).click();
  const sealed = place.locator("[data-capture=sealed]");
  await sealed.waitFor({ timeout: SEALING_MS });
  must((await page.locator("main :is(img, video, canvas)").count()) === 0, "the desk shows a picture");
  await sealed.getByText(evidenceSaid("ev_logged", { at: "" }).trim()).waitFor();
  await world.look(page, "desk-evidence");
}

async function handOver(world: World, page: Page, identity: string): Promise<string> {
  const section = page.locator("#hand-over");
  await section.getByRole("checkbox").first().check();
  await section.getByLabel(evidenceSaid("ev_unit_name")).fill(UNIT.name);
  await section.getByLabel(evidenceSaid("ev_key"), { exact: true }).fill(await recipientOf(identity));
  await section.getByText(evidenceSaid("ev_ground_agreed")).click();
  await section.getByLabel(evidenceSaid("ev_agreed_how")).fill(STAFF_WORDS.agreed);
  await button(section, evidenceSaid("ev_make_pack")).click();
  await section.locator("[data-handed]").waitFor({ timeout: SEALING_MS });
  const pack = page.locator("[data-pack=sealed]").first();
  await pack.getByRole("button", { name: evidenceSaid("ev_link_make") }).click();
  const link = await pack.getByRole("textbox", { name: evidenceSaid("ev_link"), exact: true }).inputValue();
  // Its colour fades in again.
  await pack.locator("button:enabled", { hasText: evidenceSaid("ev_link_make") }).waitFor();
  await page.waitForTimeout(300);
  await world.look(page, "desk-handed-over");
  return link;
}

async function take(world: World, link: string): Promise<Buffer> {
  const browser = world.computer.context.browser();
  if (browser === null) throw new Error("the browser has gone");
  const unit = await openComputer(browser);
  const page = await unit.open();
  await page.goto(link);
  await page.getByText(UNIT.name).waitFor();
  const saved = page.waitForEvent("download");
  await button(page, evidenceSaid("take_download")).click();
  const file = await readFile(await (await saved).path());
  await page.getByLabel(evidenceSaid("take_receipt_number")).fill(UNIT.receipt);
  await page.getByLabel(evidenceSaid("take_receipt_who")).fill(UNIT.who);
  await button(page, evidenceSaid("take_receipt_send")).click();
  await page.getByText(UNIT.receipt).waitFor();
  await world.look(page, "take");
  must(unit.complaints.length === 0, unit.complaints.join("; "));
  await unit.context.close();
  return file;
}

async function check(world: World, file: Buffer, identity: string): Promise<void> {
  const { root } = (await (await fetch(`${world.origin}/api/centre`)).json()) as { root: string };
  const trust = { root, authorities: [], witnesses: [], now: world.running.jikim.now() };
  const { findings } = await verifyPack(new Blob([new Uint8Array(file)]).stream(), identity, trust);
  const failed = findings.filter(({ state }) => state === "fails");
  must(failed.length === 0, JSON.stringify(failed));
  const held = new Set(findings.filter(({ state }) => state === "holds").map(({ check }) => check));
  for (const wanted of ["opened", "whole", "unchanged", "signed", "vouched", "logged"] as const)
    must(held.has(wanted), `${wanted} was not checked`);
}
