import type { RecipientCard } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";

/** Ways that lead to an address which a person may correct. */
const ADDRESSED = ["mail", "form"] as const;
type Addressed = (typeof ADDRESSED)[number];
type Addresses = Pick<RecipientCard, Addressed>;

function keyOf(vault: Vault, channel: Addressed, addresses: Addresses): Buffer {
  return vault.keyOf(`${channel} ${addresses[channel] ?? ""}`, "delivery/address");
}

/** Keeps with an approval the addresses that it named. */
export async function nameAddresses(
  tx: InTransaction,
  vault: Vault,
  noticeId: string,
  addresses: Addresses,
): Promise<void> {
  for (const channel of ADDRESSED)
    await tx
      .updateTable("delivery")
      .set({ addressKey: keyOf(vault, channel, addresses) })
      .where("noticeId", "=", noticeId)
      .where("purpose", "=", "notice")
      .where("channel", "=", channel)
      .execute();
}

/** Ways of a notice, not yet at their end, whose address is not the one its approval named. */
export async function findMoved(
  tx: InTransaction,
  vault: Vault,
  noticeId: string,
  addresses: Addresses,
): Promise<readonly Addressed[]> {
  const rows = await tx
    .selectFrom("delivery")
    .select(["channel", "addressKey"])
    .where("noticeId", "=", noticeId)
    .where("purpose", "=", "notice")
    .where("state", "not in", ["sent", "failed"])
    .execute();
  return ADDRESSED.filter((channel) => {
    const key = rows.find((row) => row.channel === channel)?.addressKey ?? null;
    return key !== null && !key.equals(keyOf(vault, channel, addresses));
  });
}
