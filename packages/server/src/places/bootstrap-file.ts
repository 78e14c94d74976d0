import type { Database } from "../database.ts";
import { findRdapFile, type RdapFile, type RdapFileName, saveRdapFile } from "../store/rdap.ts";
import { type Bootstrap, readBootstrap } from "./bootstrap.ts";
import { type Access, fetchBounded } from "./rdap.ts";

/** Hours for which a file is used without asking for a newer one; ours (RFC 9224, 8 asks not to fetch it for each query). */
const FRESH_HOURS = 24;
/** Hours until IANA is asked again when it did not answer; the old file is used meanwhile, however old. */
const RETRY_HOURS = 1;

type From = { readonly db: Database; readonly access: Access; readonly base: string; readonly now: Temporal.Instant };

/** A bootstrap file: the kept one, or a newer one from IANA. Null when there is none and none can be had. */
export async function loadBootstrap(name: RdapFileName, from: From): Promise<Bootstrap | null> {
  const kept = await findRdapFile(from.db, name);
  const file = kept !== null && isFresh(kept, from.now) ? kept : await renew(name, kept, from);
  return file === null ? null : readBootstrap(file.content);
}

function isFresh({ checkedAt }: RdapFile, now: Temporal.Instant): boolean {
  return checkedAt.until(now).total("hours") < FRESH_HOURS;
}

async function renew(name: RdapFileName, kept: RdapFile | null, from: From): Promise<RdapFile | null> {
  const { db, access, now } = from;
  const url = new URL(`${name}.json`, from.base);
  const headers = { accept: "application/json", ...(kept?.etag ? { "if-none-match": kept.etag } : {}) };
  const answer = access.protocols.includes(url.protocol) ? await fetchBounded(url, access, headers) : null;
  const content = answer !== null && "body" in answer && answer.status === 200 ? answer.body : null;
  if (content !== null && answer !== null && "etag" in answer && readBootstrap(content) !== null) {
    const file = { content, etag: answer.etag, checkedAt: now };
    await saveRdapFile(db, name, file);
    return file;
  }
  if (kept === null) return null;
  const unchanged = answer !== null && "status" in answer && answer.status === 304;
  const checkedAt = unchanged ? now : now.subtract({ hours: FRESH_HOURS - RETRY_HOURS });
  await saveRdapFile(db, name, { ...kept, checkedAt });
  return kept;
}
