import { randomBytes, randomUUID } from "node:crypto";
import type { Jikim } from "../src/jikim.ts";
import { putOnList } from "../src/store/list.ts";

const BATCH = 5000;

/** Puts this many entries of random fingerprints on the list, under the first case there is; as many transactions as batches. */
export async function fillList(jikim: Jikim, count: number): Promise<number> {
  const { db } = jikim;
  const { id: caseId } = await db.selectFrom("cases").select("id").limit(1).executeTakeFirstOrThrow();
  for (let done = 0; done < count; done += BATCH) {
    const size = Math.min(BATCH, count - done);
    const ids = Array.from({ length: size }, (_, at) => ({
      item: randomUUID(),
      entry: randomUUID(),
      number: 1000 + done + at,
    }));
    const now = jikim.now();
    await db.transaction().execute(async (tx) => {
      await tx
        .insertInto("item")
        .values(ids.map(({ item, number }) => ({ id: item, caseId, number, kind: "picture" })))
        .execute();
      const rows = ids.map(({ item, entry }) => ({
        id: entry,
        caseId,
        itemId: item,
        basis: "self-reported" as const,
        state: "active" as const,
        since: now.toString(),
      }));
      await tx.insertInto("entry").values(rows).execute();
      const entries = ids.map(({ entry }) => ({
        ...{ id: entry, basis: "self-reported" as const, disputed: false, effect: "hold" as const },
        fingerprints: [{ kind: "pdq" as const, value: randomBytes(32).toString("hex"), quality: 100 }],
      }));
      await putOnList(tx, jikim, entries, now);
    });
  }
  return count;
}
