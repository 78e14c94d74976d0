import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type axe from "axe-core";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LANGUAGES = ["en", "ko"] as const;

/** What axe finds on the page in English and in Korean; the page is left in Korean. One line for each finding. */
export async function axeFindings(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const language of LANGUAGES) {
    // By script, since an open dialog keeps the switch out of reach.
    await page.evaluate(
      (lang) => document.querySelector<HTMLElement>(`.languages button[lang=${lang}]`)?.click(),
      language,
    );
    await page.locator(`html[lang=${language}]`).waitFor({ state: "attached" });
    found.push(...(await axeFindingsAsIs(page)).map((finding) => `${language}: ${finding}`));
  }
  return found;
}

/**
 * What axe finds on the page as it is, such as with a dialog open. Our pages hold no frame of another origin, so axe runs in the page alone
 * and is put there once.
 */
export async function axeFindingsAsIs(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(SOURCE);
  return page.evaluate(async () => {
    // A colour that is still fading in is not the one she reads.
    for (const fading of document.getAnimations()) if (fading instanceof CSSTransition) fading.finish();
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  });
}
