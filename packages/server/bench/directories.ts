import type { Hosted } from "./hosted.ts";
import { printRow } from "./row.ts";

/**
 * Finding who hosts a place and who registered its name. The baseline of asking is the same questions by plain HTTP; that of the
 * caches is asking.
 */
export async function benchDirectories(host: Hosted, count: number): Promise<void> {
  const rates = await host.ask(`directories ${count}`);
  const { plain = Number.NaN, asked = Number.NaN, kept = Number.NaN, known = Number.NaN } = rates;
  printRow({ name: "hosts-asked", value: asked, unit: "1/s", baseline: plain });
  printRow({ name: "hosts-from-kept-answers", value: kept, unit: "1/s", baseline: asked });
  printRow({ name: "hosts-known", value: known, unit: "1/s", baseline: asked });
}
