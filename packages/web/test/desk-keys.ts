import type { Page } from "@playwright/test";

/** More presses of Tab than any page of the desk takes from one part to the next. */
const MOST_PRESSES = 400;

/** Presses Tab until what has the focus has this name. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let pressed = 0; pressed < MOST_PRESSES; pressed++) {
    const text = await page.evaluate(() => {
      const at = document.activeElement;
      return at?.getAttribute("aria-label") ?? (at?.matches("button, a, summary") ? (at.textContent ?? "").trim() : "");
    });
    if (name.test(text)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`nothing is named ${name}`);
}

/** The same, and then Enter. */
export async function pressOn(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Enter");
}
