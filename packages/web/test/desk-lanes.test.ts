import { afterAll, beforeAll, expect, test } from "vitest";
import { seedCentre } from "../../server/test/seed.ts";
import { newPerson, openAnew, type Person } from "./desk-browser.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";

let world: World;
let person: Person;

beforeAll(async () => {
  world = await openWorld();
  const centre = await seedCentre(world.running.jikim);
  person = await newPerson(world.browser);
  await signInByPassphrase(person.page, world.running.origin, centre.staff);
}, 120_000);
afterAll(() => world.close());

test.each([
  { hash: "#/", first: "**/api/desk/cases?*lane=queue*", other: "종결" },
  { hash: "#/due", first: "**/api/desk/due?*kind=step*", other: "직접 적을 양식" },
  { hash: "#/answers", first: "**/api/desk/mail?*lane=waiting*", other: "어느 요청서의 답인지 모름" },
])(
  "who chooses another list at $hash while the first is still read gets what she chose",
  async (list) => {
    const { page } = person;
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let isHeld = false;
    await page.route(list.first, async (route) => {
      isHeld = true;
      await released;
      await route.continue();
    });
    await openAnew(page, world.running.origin, list.hash);
    await expect.poll(() => isHeld).toBe(true);
    await page.getByRole("button", { name: list.other }).click();
    release();
    await page.locator("p.empty").waitFor({ timeout: 10_000 });
    expect(await page.getByRole("button", { name: list.other }).getAttribute("aria-pressed")).toBe("true");
  },
  60_000,
);
