import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What axe finds on a page in English and in Korean; it is left in Korean. One line for each finding. */
export async function axeFindings(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const language of ["en", "ko"]) {
    // By script, since an open dialog keeps the switch out of reach.
    await page.evaluate(
      (lang) => document.querySelector<HTMLElement>(`.languages button[lang=${lang}]`)?.click(),
      language,
    );
    await page.locator(`html[lang=${language}]`).waitFor({ state: "attached" });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    for (const { id, nodes } of violations)
      found.push(`${name} (${language}): ${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  }
  return found;
}
