import { effectOf } from "@jikim/casework";
import { type Fingerprint, shortName } from "@jikim/fingerprint";
import { sql } from "kysely";
import type { Item } from "../contract/desk.ts";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { findRecipients } from "./recipient.ts";
import { openFingerprint } from "./sealed.ts";

/** Fingerprints by item id, in order of position; items without any are missing. */
export async function findFingerprints(
  db: Database,
  vault: Vault,
  of: { readonly caseId: string } | { readonly itemIds: readonly string[] },
): Promise<ReadonlyMap<string, Fingerprint[]>> {
  const rows = await db
    .selectFrom("itemFingerprint")
    .innerJoin("item", "item.id", "itemFingerprint.itemId")
    .select(["itemId", "position", "fingerprintSealed"])
    .where((is) =>
      "caseId" in of ? is("item.caseId", "=", of.caseId) : is("itemId", "=", is.fn.any(is.val([...of.itemIds]))),
    )
    .orderBy("itemId")
    .orderBy("position")
    .execute();
  return Map.groupBy(rows, (row) => row.itemId)
    .entries()
    .reduce(
      (found, [itemId, its]) =>
        found.set(
          itemId,
          its.map((row) => openFingerprint(vault, row)),
        ),
      new Map<string, Fingerprint[]>(),
    );
}

/** A case's items as the desk shows them: numbers and short names, never a picture. */
export async function findItems(db: Database, vault: Vault, caseId: string): Promise<Item[]> {
  const items = await db.selectFrom("item").selectAll().where("caseId", "=", caseId).orderBy("number").execute();
  const fingerprints = await findFingerprints(db, vault, { caseId });
  const entries = await findEntries(db, vault, caseId);
  return items.map(({ id, number, kind }) => {
    const [first, ...more] = fingerprints.get(id) ?? [];
    return {
      ...{ id, number, kind },
      shortName: first === undefined ? "" : shortName(first.value),
      fingerprints: first === undefined ? 0 : 1 + more.length,
      quality: first?.quality ?? 0,
      entry: entries.get(id) ?? null,
    };
  });
}

/** The entry of each item: the active one, else the last withdrawn. */
async function findEntries(
  db: Database,
  vault: Vault,
  caseId: string,
): Promise<ReadonlyMap<string, NonNullable<Item["entry"]>>> {
  const rows = await db
    .selectFrom("entry")
    .selectAll()
    .distinctOn("itemId")
    .where("caseId", "=", caseId)
    .orderBy("itemId")
    .orderBy("state")
    .orderBy("since", "desc")
    .execute();
  const answers = await findAnswers(db, vault, caseId);
  return new Map(
    rows.map(({ id, itemId, state, basis, disputed, since }) => [
      itemId,
      {
        ...{ id, state, basis, disputed, since: since.toString() },
        effect: effectOf(basis, disputed),
        answers: answers.get(id) ?? [],
      },
    ]),
  );
}

type Answers = NonNullable<Item["entry"]>["answers"];

async function findAnswers(db: Database, vault: Vault, caseId: string): Promise<ReadonlyMap<string, Answers>> {
  const rows = await db
    .selectFrom("platformAnswer")
    .innerJoin("entry", "entry.id", "platformAnswer.entryId")
    .select(["platformAnswer.entryId", "platformAnswer.platformId", "platformAnswer.did"])
    .select((the) => the.fn.countAll<number>().as("count"))
    .select(sql<Temporal.Instant>`max(platform_answer.received_at)`.as("lastAt"))
    .where("entry.caseId", "=", caseId)
    .groupBy(["platformAnswer.entryId", "platformAnswer.platformId", "platformAnswer.did"])
    .orderBy("platformAnswer.did")
    .execute();
  const platforms = await findRecipients(
    db,
    vault,
    rows.map((row) => row.platformId),
  );
  const answers = rows.map(({ entryId, platformId, did, count, lastAt }) => ({
    entryId,
    answer: { platform: platforms.get(platformId)?.card.name.ko ?? "", did, count, lastAt: lastAt.toString() },
  }));
  answers.sort((a, b) => a.answer.platform.localeCompare(b.answer.platform, "ko"));
  return new Map(
    Map.groupBy(answers, ({ entryId }) => entryId)
      .entries()
      .map(([entryId, its]) => [entryId, its.map(({ answer }) => answer)]),
  );
}
