import type { Page } from "@playwright/test";
import { HER_WORDS, ROOM } from "../planted.ts";
import { button, said, titled } from "../words.ts";
import type { World } from "../world.ts";

/** A short report up to the read-back: her story, and a place. */
export async function shortReport(world: World): Promise<Page> {
  const page = await world.phone.open();
  await page.goto(world.origin);
  await button(page, said("welcome_start")).tap();
  for (let at = 0; at < 2; at++) await button(page, said("no")).tap();
  await page.getByLabel(said("age_20s")).check();
  for (const way of ["next", "skip", "skip"] as const) await button(page, said(way)).tap();
  await page.getByLabel(said("places_label")).fill(ROOM);
  for (const way of ["places_add", "next"] as const) await button(page, said(way)).tap();
  await page.getByLabel(said("story_label")).fill(HER_WORDS.story);
  await button(page, said("to_review")).tap();
  await titled(page, said("review_title"));
  return page;
}
