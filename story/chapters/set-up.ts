import type { Page } from "@playwright/test";
import type { SecurityKeys } from "../people.ts";
import { must, type Step, within } from "../step.ts";
import { button, deskSaid, titled } from "../words.ts";
import type { World } from "../world.ts";

/** The desk's tab, and whose security key is touched there. */
export type DeskSeat = { readonly page: Page; readonly keys: SecurityKeys };

const CENTRE = { ko: "지어낸 지원센터", en: "Invented Support Centre" };

/** The printed link opens the centre: admin and intake enrol passkeys, root and recovery keys go to paper, and it is open. */
export async function openCentre(world: World, step: Step, seat: DeskSeat): Promise<void> {
  const { page } = seat;
  await step("set-up: until the centre is open the portal says so", async () => {
    const portal = await world.phone.open();
    await portal.goto(world.origin);
    await portal.getByText("아직").first().waitFor();
    await world.look(portal, "portal-not-open");
    await portal.close();
  });
  await step("set-up: the printed link enrols the first admin's passkey", async () => {
    await page.goto(`${world.origin}/desk/#/setup?token=${world.running.setupToken}`);
    await page.getByRole("heading", { name: deskSaid("desk_setup_admin_title") }).waitFor();
    await world.look(page, "desk-set-up-admin");
    await enrol(seat, "admin", "관리 1");
  });
  await step("set-up: then one intake person's passkey", async () => {
    await page.getByRole("heading", { name: deskSaid("desk_setup_intake_title") }).waitFor();
    await enrol(seat, "intake", "상담 1");
  });
  await step("set-up: root and recovery keys are shown once and typed back", async () => {
    await page.getByRole("heading", { name: deskSaid("desk_keys_centre_title") }).waitFor();
    await page.getByLabel(deskSaid("desk_centre_name_ko")).fill(CENTRE.ko);
    await page.getByLabel(deskSaid("desk_centre_name_en")).fill(CENTRE.en);
    await page.getByLabel(deskSaid("desk_centre_phone")).fill("02-000-0000");
    await page.getByLabel(deskSaid("desk_centre_mail")).fill("help@centre.example");
    await world.look(page, "desk-set-up-centre");
    await button(page, deskSaid("desk_keys_make")).click();
    await typeBack(world, page);
  });
  await step("set-up: the centre is open", async () => {
    await page.getByRole("heading", { name: deskSaid("desk_setup_done_title") }).waitFor();
    await world.look(page, "desk-set-up-done");
    const centre = (await (await fetch(`${world.origin}/api/centre`)).json()) as { open: boolean };
    must(centre.open, "the server says the centre is not open");
  });
}

async function enrol({ page, keys }: DeskSeat, whose: "admin" | "intake", pseudonym: string): Promise<void> {
  await keys.use(whose);
  await page.getByLabel(deskSaid("desk_enrol_pseudonym"), { exact: true }).fill(pseudonym);
  await button(page, deskSaid("desk_enrol_go")).click();
}

/** Copies the six sheets to paper, and answers what is asked of them. */
async function typeBack(world: World, page: Page): Promise<void> {
  const sheets = page.locator("[data-sheet]");
  await sheets.first().waitFor();
  const paper = await sheets.evaluateAll((all) =>
    all.map((sheet) => [...sheet.querySelectorAll("li")].map((group) => group.textContent ?? "")),
  );
  must(paper.length === 6, `${paper.length} sheets instead of six`);
  await world.look(page, "desk-set-up-sheets");
  await button(page, deskSaid("desk_keys_kept")).click();
  await page.getByRole("heading", { name: deskSaid("desk_keys_prove_title") }).waitFor();
  for (const [at, asked] of (await page.locator("input[data-group]").all()).entries())
    await asked.fill(paper[at]?.[Number(await asked.getAttribute("data-group"))] ?? "");
  await world.look(page, "desk-set-up-proof");
  await button(page, deskSaid("desk_keys_sign")).click();
}

/** Signs in with the passkey of one of the two. */
export async function signIn({ page, keys }: DeskSeat, world: World, whose: "admin" | "intake"): Promise<void> {
  await keys.use(whose);
  await page.goto(`${world.origin}/desk/`);
  await button(page, deskSaid("desk_sign_in_passkey")).click();
  await button(page, deskSaid("desk_lock")).waitFor();
}

/** The admin registers the board at the desk; with its key the board follows the list. */
export async function linkBoard(world: World, step: Step, seat: DeskSeat): Promise<void> {
  const { page } = seat;
  const key = await step("platform: the admin registers the board and gets its key", async () => {
    await page.getByRole("link", { name: deskSaid("desk_to_sign_in") }).click();
    await titled(page, deskSaid("desk_sign_in_title"));
    await world.look(page, "desk-sign-in");
    await signIn(seat, world, "admin");
    await page.getByRole("link", { name: deskSaid("desk_nav_platforms") }).click();
    await page.getByLabel(deskSaid("desk_platform_name"), { exact: true }).fill("그림마당");
    await page.getByLabel(deskSaid("desk_platform_hosts")).fill(new URL(world.board.url).host);
    await page.getByLabel(deskSaid("desk_platform_mail")).fill("abuse@board.example");
    await button(page, deskSaid("desk_platform_create")).click();
    const shown = await page.locator("[data-platform-key]").textContent();
    await world.look(page, "desk-platforms");
    return shown ?? "";
  });
  await step("platform: with the key the board follows the list", async () => {
    const centre = (await (await fetch(`${world.origin}/api/centre`)).json()) as { root: string };
    const url = `http://localhost:${world.running.jikim.config.port}`;
    await world.board.follow({ url, key, root: centre.root });
    await within(10, "the board follows", async () => world.board.log().includes('"following"'));
    await button(page, deskSaid("desk_lock")).click();
    await titled(page, deskSaid("desk_locked_title"));
    await world.look(page, "desk-locked");
  });
}
