import { randomUUID } from "node:crypto";
import type { RecipientCard } from "@jikim/casework";
import { type ExpressionBuilder, type Selectable, type SqlBool, sql } from "kysely";
import type { Database, InTransaction, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";
import { type DeadMail, revive } from "./dead-address.ts";
import { type FoundRecipient, keyOfCard, openKnown, ownedKeys, reachedKeys, sealKnown } from "./recipient-card.ts";

export type RecipientRow = Selectable<Tables["recipient"]>;

/** Who can remove an item, as we know it. */
export type Recipient = {
  readonly id: string;
  readonly card: RecipientCard;
  /** Its own, such as "board.example": pages there are its to answer for. */
  readonly hosts: readonly string[];
  /** It is the threat, or what is written to it reaches one who is. */
  readonly hostile: boolean;
  readonly foundBy: RecipientRow["foundBy"];
  /** Its mail address was said to take no mail; null: nothing of the kind is known. */
  readonly deadMail: DeadMail | null;
};

/** Whether a recipient, or one that is written to at the same address or host, is marked as the threat. */
export function isHostile(row: ExpressionBuilder<Tables, "recipient">) {
  return isThreat(row).$castTo<boolean>().as("isHostile");
}

/** The same as a condition. */
export function isThreat(row: ExpressionBuilder<Tables, "recipient">) {
  return row.exists(
    row
      .selectFrom("recipient as threat")
      .select("threat.id")
      .where("threat.hostile", "=", true)
      .where(sql<SqlBool>`(threat.id = recipient.id or threat.owned_keys && recipient.reached_keys)`),
  );
}

const deadMail = sql<{ readonly [field in keyof DeadMail]: string } | null>`(
  select json_build_object('status', d.status, 'since', d.since, 'until', d.until) from dead_address d
  where d.recipient_id = recipient.id and d.address_key = any(recipient.reached_keys) limit 1)`;

function selectRecipients(db: Database) {
  return db.selectFrom("recipient").selectAll().select(isHostile).select(deadMail.as("deadMail"));
}

type Selected = Awaited<ReturnType<ReturnType<typeof selectRecipients>["execute"]>>[number];

function openRecipient(vault: Vault, row: Selected): Recipient {
  const { id, foundBy, isHostile: hostile, deadMail: dead } = row;
  const at = (text: string) => Temporal.Instant.from(text);
  return {
    ...{ id, foundBy, hostile, ...openKnown(vault, row) },
    deadMail: dead && { status: dead.status, since: at(dead.since), until: at(dead.until) },
  };
}

export async function findRecipient(db: Database, vault: Vault, id: string): Promise<Recipient | null> {
  const row = await selectRecipients(db).where("recipient.id", "=", id).executeTakeFirst();
  return row === undefined ? null : openRecipient(vault, row);
}

/** By id; unknown ones are missing. */
export async function findRecipients(
  db: Database,
  vault: Vault,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, Recipient>> {
  const rows = await selectRecipients(db)
    .where("recipient.id", "=", (any) => any.fn.any(any.val([...new Set(ids)])))
    .execute();
  return new Map(rows.map((row) => [row.id, openRecipient(vault, row)]));
}

/** Those who were told by hand. */
export async function findTold(db: Database, vault: Vault): Promise<Recipient[]> {
  const rows = await selectRecipients(db).where("recipient.foundBy", "=", "hand").execute();
  return rows.map((row) => openRecipient(vault, row));
}

/** Everybody we know, by Korean name. */
export async function findAllRecipients(db: Database, vault: Vault): Promise<Recipient[]> {
  const rows = await selectRecipients(db).execute();
  return rows
    .map((row) => openRecipient(vault, row))
    .sort((a, b) => a.card.name.ko.localeCompare(b.card.name.ko, "ko") || (a.id < b.id ? -1 : 1));
}

/** Hexadecimal keys of what is owned by those who are the threat. */
export async function findThreatKeys(db: Database): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom("recipient").select("ownedKeys").where("hostile", "=", true).execute();
  return new Set(rows.flatMap(({ ownedKeys: keys }) => keys.map((key) => key.toString("hex"))));
}

/** The id of a recipient that was found and is known as it is; null when it has to be kept. */
export async function findKept(db: Database, vault: Vault, found: FoundRecipient): Promise<string | null> {
  const row = await db
    .selectFrom("recipient")
    .selectAll()
    .where("cardKey", "=", keyOfCard(vault, found))
    .executeTakeFirst();
  return row !== undefined && isKept(vault, row, found) ? row.id : null;
}

function isKept(vault: Vault, row: RecipientRow, { card, hosts }: FoundRecipient): boolean {
  return row.foundBy === "hand" || same(openKnown(vault, row), { card, hosts });
}

/**
 * Keeps a recipient that was found, or its newer card when we knew it; what was written by hand is left as it is.
 * @returns its id.
 */
export async function keepRecipient(
  tx: InTransaction,
  vault: Vault,
  found: FoundRecipient,
  now: Temporal.Instant,
): Promise<string> {
  const cardKey = keyOfCard(vault, found);
  const known = await tx.selectFrom("recipient").selectAll().where("cardKey", "=", cardKey).executeTakeFirst();
  if (known === undefined) {
    const id = await insertRecipient(tx, vault, found, now);
    return id ?? keepRecipient(tx, vault, found, now);
  }
  const { card, hosts, foundBy } = found;
  if (isKept(vault, known, found)) return known.id;
  const values = valuesOf(vault, known.id, { card, hosts });
  await tx
    .updateTable("recipient")
    .set({ ...values, foundBy })
    .where("id", "=", known.id)
    .execute();
  return known.id;
}

/** @returns its id; null when there is one of this card. */
export async function insertRecipient(
  db: Database,
  vault: Vault,
  found: FoundRecipient,
  now: Temporal.Instant,
): Promise<string | null> {
  const id = randomUUID();
  const { card, hosts, foundBy } = found;
  const row = await db
    .insertInto("recipient")
    .values({
      ...{ id, foundBy, kind: card.kind, cardKey: keyOfCard(vault, found), createdAt: now.toString() },
      ...valuesOf(vault, id, { card, hosts }),
    })
    .onConflict((any) => any.column("cardKey").doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id ?? null;
}

/** What the columns of a row say of a card; its key stays, so that it is found again. */
export function valuesOf(vault: Vault, id: string, known: Pick<Recipient, "card" | "hosts">) {
  const { jurisdiction, language } = known.card;
  return {
    ...{ jurisdiction, language, cardSealed: sealKnown(vault, id, known) },
    ...{ ownedKeys: ownedKeys(vault, known), reachedKeys: reachedKeys(vault, known) },
  };
}

function same(one: Pick<Recipient, "card" | "hosts">, other: Pick<Recipient, "card" | "hosts">): boolean {
  const text = ({ card, hosts }: typeof one) => JSON.stringify([Object.entries(card).sort(), hosts]);
  return text(one) === text(other);
}

/** What a person may say anew of a recipient; what is left out stays. */
export type RecipientChange = {
  readonly [field in "mail" | "form" | "jurisdiction" | "language"]?: RecipientCard[field] | undefined;
} & { readonly hosts?: readonly string[] | undefined };

/** Writes down what a person knows better; from then on nothing that is found changes it. False when there is no such recipient. */
export async function changeRecipient(
  tx: InTransaction,
  vault: Vault,
  id: string,
  change: RecipientChange,
): Promise<boolean> {
  const row = await tx.selectFrom("recipient").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
  if (row === undefined) return false;
  const { card, hosts } = openKnown(vault, row);
  const { hosts: said, ...rest } = change;
  // Also the same address: a person says that it takes mail.
  if (change.mail !== undefined) await revive(tx, id);
  const known = { card: { ...card, ...defined(rest) }, hosts: said?.map((host) => host.toLowerCase()) ?? hosts };
  if (same(known, { card, hosts })) return true;
  const values = valuesOf(vault, id, known);
  await tx
    .updateTable("recipient")
    .set({ ...values, foundBy: "hand" })
    .where("id", "=", id)
    .execute();
  return true;
}

function defined<T extends object>(fields: T): { [field in keyof T]: Exclude<T[field], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [field in keyof T]: Exclude<T[field], undefined>;
  };
}

/** Marks a recipient as the threat, or takes the mark away. False when there is none. */
export async function markHostile(db: Database, id: string, hostile: boolean): Promise<boolean> {
  const result = await db.updateTable("recipient").set({ hostile }).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Locks a recipient's row until the transaction ends; for who sends to it, after the case and the notice. */
export function lockRecipient(tx: InTransaction, id: string): Promise<RecipientRow> {
  return tx.selectFrom("recipient").selectAll().where("id", "=", id).forNoKeyUpdate().executeTakeFirstOrThrow();
}

/**
 * The same for all recipients of some notices of locked cases, in one order: whoever writes about several in one transaction asks for
 * it first, so that two at once never wait for each other.
 */
export async function lockRecipientsOf(tx: InTransaction, noticeIds: readonly string[]): Promise<void> {
  const asked = tx
    .selectFrom("notice")
    .select("recipientId")
    .where("id", "=", (any) => any.fn.any(any.val([...noticeIds])));
  await tx.selectFrom("recipient").select("id").where("id", "in", asked).orderBy("id").forNoKeyUpdate().execute();
}

/** The next number of a recipient's notices. Its row stays locked until the transaction ends, so none is seen before an earlier one. */
export async function takeNoticeNumber(tx: InTransaction, id: string): Promise<number> {
  const { noticesSent } = await tx
    .updateTable("recipient")
    .set((any) => ({ noticesSent: any("noticesSent", "+", 1) }))
    .where("id", "=", id)
    .returning("noticesSent")
    .executeTakeFirstOrThrow();
  return noticesSent;
}
