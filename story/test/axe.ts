import type { Page } from "@playwright/test";
import { axeFindings as findingsOf } from "../../packages/web/test/axe.ts";

/** What axe finds on a page in English and in Korean; it is left in Korean. One line for each finding. */
export async function axeFindings(page: Page, name: string): Promise<string[]> {
  return (await findingsOf(page)).map((finding) => `${name} (${finding})`);
}
