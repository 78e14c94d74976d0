import { countsAsMinor } from "@jikim/casework";
import { signManifest } from "@jikim/evidence/pack";
import type { InTransaction } from "../database.ts";
import type { CaseRow } from "../http/desk/case-guard.ts";
import type { Jikim } from "../jikim.ts";
import { stampSoon } from "../jobs/queue.ts";
import { ServerRefusal } from "../refusal.ts";
import { findCentre } from "../store/centre.ts";
import { findChat } from "../store/chat.ts";
import { recordCustody } from "../store/custody.ts";
import type { Doer } from "../store/release.ts";
import { findClockOff, findSeal, findSealText, recordSeal } from "../store/seal.ts";
import { openCodes } from "../store/sealed.ts";
import { TOOL } from "./order.ts";

/** What a browser digested of a chat that it opened. */
export type ChatDigests = {
  readonly exhibit: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly sha512: string;
};

type Work = {
  readonly tx: InTransaction;
  readonly caseRow: CaseRow;
  readonly by: Doer;
  readonly now: Temporal.Instant;
};

/**
 * Seals a chat as an exhibit: the server cannot read it, and signs the digest that she sent it with. Sealed once; again answers the same.
 * @throws {ServerRefusal} `NOT_FOUND`, `CHAT_LEAVING`, `EXHIBIT_CHANGED`.
 */
export async function sealChatExhibit(
  jikim: Jikim,
  { tx, caseRow, by, now }: Work,
  chatId: string,
  digests: ChatDigests,
) {
  const { vault, service } = jikim;
  const chat = await findChat(tx, caseRow.id, chatId);
  if (chat === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  if (chat.leavesAt !== null) throw new ServerRefusal({ code: "CHAT_LEAVING" });
  if (chat.digest !== digests.sha256) throw new ServerRefusal({ code: "EXHIBIT_CHANGED" });
  const { serviceCertificate: certificate, settings } = await findCentre(tx);
  const [before, kept] = [await findSeal(tx, chatId), await findSealText(tx, vault, chatId)];
  const encoded = (signature: Uint8Array) => Buffer.from(signature).toString("base64");
  const whose = { certificate, publicKey: service.public };
  if (before !== null && kept !== null) return { text: kept, signature: encoded(before.signature), ...whose };
  const { exhibit, ...digested } = digests;
  const at = now.toString();
  const facts = {
    ...{ packId: chatId, exhibit, previous: null, centre: settings.name, case: String(caseRow.number) },
    ...{ legalBasis: "what she sent to the centre", authority: null, consent: null, mode: "export" as const },
    minor: countsAsMinor(openCodes(vault, caseRow).ageBand),
    actors: [
      { role: "survivor", did: "sent", at: chat.at },
      { role: `${by.role} ${by.who}`.trim(), did: "sealed", at },
    ],
    ...{
      startedAt: chat.at,
      endedAt: chat.at,
      sealedAt: at,
      clockOffMs: await findClockOff(tx, now),
      tool: TOOL,
      notStored: [],
      gaps: [],
    },
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    files: [{ path: "data/chat.json", type: "application/json", ...digested }],
  };
  const { text, signature } = signManifest(facts, { ...service, certificate });
  await recordSeal(tx, jikim.vault, { packId: chatId, caseId: caseRow.id, text, signature, at: now, keepsText: true });
  if (jikim.config.timestamps !== null) await stampSoon(jikim.jobs, tx, chatId);
  await recordCustody(tx, jikim.vault, {
    packId: chatId,
    caseId: caseRow.id,
    did: "sealed",
    by,
    at: now,
    note: "exhibit",
  });
  return { text, signature: encoded(signature), ...whose };
}
