import { endsWithConsent } from "@jikim/casework";
import type { Chat, MyChats } from "./contract/chats.ts";
import { MOST_CHAT_FILE_BYTES } from "./contract/chats.ts";
import type { Database, InTransaction } from "./database.ts";
import type { Jikim } from "./jikim.ts";
import { withdrawPack } from "./packs/withdraw.ts";
import { ServerRefusal } from "./refusal.ts";
import { dropChat, findChat, findLeaving, findMyChats, measureChats, planLeaving } from "./store/chat.ts";
import { recordCustody } from "./store/custody.ts";
import { appendToLog } from "./store/log.ts";
import type { CaseRow } from "./store/my-case.ts";
import { countOwnActs } from "./store/my-change.ts";
import { lockCase } from "./store/next.ts";
import { findPacks } from "./store/pack.ts";
import type { Vault } from "./vault.ts";
import { settleSafeContactWhenNothingWaits, tellHerSafeContact } from "./withdrawal.ts";

const MIB = 1024 * 1024;
/**
 * Bytes of all chats of a case. Before anybody took it up it may be one of a flood: room for some thousand messages, and none while it is
 * set aside with the others of one.
 */
const MOST_BYTES = { open: 1024 * MIB, closed: 1024 * MIB, received: 16 * MIB, "set-aside": 0 };
const MOST_CHATS = 50;
/** Chats of a case on their way at once: a second phone, and one that broke off. */
const MOST_COMING = 3;
const CHATS_A_DAY = 20;
const TAKEN_BACK_A_DAY = 20;
const LEAVING_HOURS = 24;

type Room = Pick<CaseRow, "id" | "state">;

/** Bytes that each file of another chat may have; 0: there is no room. */
export async function mostFileBytes(db: Database, { id, state }: Room): Promise<number> {
  const { bytes } = await measureChats(db, id);
  return Math.max(0, Math.min(MOST_CHAT_FILE_BYTES, MOST_BYTES[state] - bytes));
}

/** @throws {ServerRefusal} `TOO_MANY_CHATS`, `TOO_MANY_TODAY`, counting the one that was just announced. */
export async function checkRoom(tx: InTransaction, room: Room, now: Temporal.Instant): Promise<void> {
  const { chats, coming } = await measureChats(tx, room.id);
  const isFull = chats > MOST_CHATS || coming > MOST_COMING || (await mostFileBytes(tx, room)) === 0;
  if (isFull) throw new ServerRefusal({ code: "TOO_MANY_CHATS" });
  if ((await countOwnActs(tx, room.id, "pack-sealed", now)) >= CHATS_A_DAY)
    throw new ServerRefusal({ code: "TOO_MANY_TODAY" });
}

export async function showMyChats(db: Database, caseRow: Room): Promise<MyChats> {
  return { chats: await findMyChats(db, caseRow.id), mostFileBytes: await mostFileBytes(db, caseRow) };
}

/** Puts a chat that has come into the log: what was committed to is fixed from this day, and that she sealed it. */
export async function sealChat(
  { tx, vault }: { readonly tx: InTransaction; readonly vault: Vault },
  caseId: string,
  chat: Chat,
  at: Temporal.Instant,
): Promise<void> {
  const { id: packId, commitment, shown, digest, part, original } = chat;
  const files = [part, original].map(({ bytes, sha256 }) => ({ bytes, sha256 }));
  const content = { v: 1, packId, chat: { ...commitment, shown, digest }, files };
  await appendToLog(tx, vault, { what: "pack", caseId, packId, content }, at);
  await recordCustody(tx, vault, {
    packId,
    caseId,
    did: "sealed",
    by: { role: "survivor", who: "" },
    at,
    note: "chat",
  });
}

type Means = Pick<Jikim, "vault" | "jobs" | "config">;
type Work = { readonly tx: InTransaction; readonly caseRow: CaseRow; readonly now: Temporal.Instant };

/**
 * She takes a chat back, as she chose beforehand: at once, or after 24 hours with word to her safe contact. Nobody opens it meanwhile.
 * @throws {ServerRefusal} `NOT_FOUND`, `TOO_MANY_TODAY`.
 */
export async function takeBackChat(jikim: Means, { tx, caseRow, now }: Work, chatId: string): Promise<void> {
  const of = { caseId: caseRow.id, chatId };
  if ((await countOwnActs(tx, caseRow.id, "pack-withdrawn", now)) >= TAKEN_BACK_A_DAY)
    throw new ServerRefusal({ code: "TOO_MANY_TODAY" });
  const isDelayed = caseRow.withdrawalPlan === "after-24-hours";
  const planned = await planLeaving(tx, of, isDelayed ? now.add({ hours: LEAVING_HOURS }) : now);
  if (!planned) {
    if ((await findChat(tx, caseRow.id, chatId)) === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    return;
  }
  const by = { role: "survivor", who: "" } as const;
  await recordCustody(tx, jikim.vault, { packId: chatId, caseId: caseRow.id, did: "withdrawn", by, at: now });
  await withdrawPacksWith(tx, jikim, of, now);
  if (isDelayed) await tellHerSafeContact(tx, jikim, caseRow, now);
  else await eraseChat(tx, jikim.vault, of, now);
}

/** Packs for units that hold the chat and that no law demands: what was not taken is erased, who took it is told. */
async function withdrawPacksWith(
  tx: InTransaction,
  jikim: Means,
  { caseId, chatId }: ChatOf,
  at: Temporal.Instant,
): Promise<void> {
  const by = { role: "survivor", who: "" } as const;
  for (const pack of await findPacks(tx, jikim.vault, caseId))
    if (pack.order.exhibits.includes(chatId) && endsWithConsent(pack.order.ground))
      await withdrawPack(tx, jikim, pack, { by, at });
}

/** Not after all; her safe contact need not be told any more when nothing else waits. */
export async function keepChat(_jikim: Means, { tx, caseRow }: Work, chatId: string): Promise<void> {
  if (!(await planLeaving(tx, { caseId: caseRow.id, chatId }, null))) return;
  await settleSafeContactWhenNothingWaits(tx, caseRow.id);
}

/** Erases the chats whose time has come. */
export async function eraseLeaving({ db, vault }: Pick<Jikim, "db" | "vault">, now: Temporal.Instant): Promise<void> {
  for (const { id: chatId, caseId } of await findLeaving(db, now))
    await db.transaction().execute(async (tx) => {
      await lockCase(tx, caseId);
      const chat = await findChat(tx, caseId, chatId);
      // She may have said meanwhile that it stays.
      if (chat?.leavesAt && Temporal.Instant.compare(chat.leavesAt, now) <= 0)
        await eraseChat(tx, vault, { caseId, chatId }, now);
    });
}

type ChatOf = { readonly caseId: string; readonly chatId: string };

async function eraseChat(
  tx: InTransaction,
  vault: Vault,
  { caseId, chatId }: ChatOf,
  at: Temporal.Instant,
): Promise<void> {
  const by = { role: "server", who: "" } as const;
  if (await dropChat(tx, chatId)) await recordCustody(tx, vault, { packId: chatId, caseId, did: "deleted", by, at });
}
