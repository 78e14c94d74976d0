import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A demo and a real centre were about to be mixed; the message is a plain sentence for the operator. */
export class DemoMixed extends Error {
  override readonly name = "DemoMixed";
}

/**
 * Keeps demos and real centres apart: a demo lets checks reach private addresses and prints its passphrases. Marks a new
 * data folder as a demo's before anything starts in it.
 * @throws {DemoMixed}
 */
export async function separateDemo(
  folder: string,
  start: { readonly demo: boolean; readonly databaseUrl: string | null },
): Promise<void> {
  const mark = join(folder, "demo");
  if (!start.demo) {
    if (existsSync(mark))
      throw new DemoMixed(
        `${folder} holds a demo, whose passphrases were printed. Start it with -- --demo, or name another folder by JIKIM_DATA.`,
      );
    return;
  }
  if (start.databaseUrl !== null) throw new DemoMixed("A demo makes its own database: start it without DATABASE_URL.");
  if (existsSync(join(folder, "keys")) && !existsSync(mark))
    throw new DemoMixed(
      `${folder} holds a real centre, which a demo would open to private addresses. Name another folder by JIKIM_DATA.`,
    );
  await mkdir(folder, { recursive: true });
  await writeFile(mark, "");
}
