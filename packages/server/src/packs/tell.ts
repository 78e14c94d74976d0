import type { Jikim } from "../jikim.ts";
import { messageIdOf } from "../mail/address.ts";
import { mailWay, sendMail } from "../mail/transport.ts";
import { findCentre } from "../store/centre.ts";
import { findPack } from "../store/pack.ts";
import { findReferral, settleWords, takeWords } from "../store/referral.ts";
import { dropTold } from "../store/retention.ts";
import { withdrawalWords } from "./words.ts";

/** Longer than one try can take. */
const TRY_SECONDS = 180;

/** Thrown so that the job runs again later. */
class NotTold extends Error {
  override readonly name = "NotTold";
}

/** Tells a unit by mail that a pack it took was withdrawn; where mail does not reach it, a person must. */
export async function tellUnit({ db, vault, config, now }: Jikim, referralId: string): Promise<void> {
  const referral = await findReferral(db, vault, referralId);
  const pack = referral === null ? null : await findPack(db, vault, referral.packId);
  if (referral === null || pack === null) return;
  const at = now();
  if (!(await takeWords(db, referralId, { now: at, until: at.add({ seconds: TRY_SECONDS }) }))) return;
  const way = mailWay(config);
  const { mail: to } = pack.unit;
  if (way === null || to === null) return void (await settleWords(db, referralId, "by-hand"));
  const { name } = (await findCentre(db)).settings;
  const words = withdrawalWords({ centre: name, number: referral.number, packId: pack.id });
  const id = vault.keyOf(referralId, "referral/telling").toString("hex").slice(0, 32);
  const mail = {
    ...{ to, from: config.mailFrom, messageId: messageIdOf(id, config.mailFrom) },
    subject: `${name.ko}: 증거 꾸러미 동의 철회 / evidence withdrawn (${referral.number})`,
    text: `${words.ko}\n\n${words.en}\n`,
  };
  const outcome = await sendMail(way, mail);
  if (outcome === "accepted")
    return db.transaction().execute(async (tx) => {
      await settleWords(tx, referralId, "told");
      await dropTold(tx, pack.id);
    });
  if (outcome === "refused") return void (await settleWords(db, referralId, "by-hand"));
  throw new NotTold();
}
