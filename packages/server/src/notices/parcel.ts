import type { Delivery, FollowUp } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { findCentre } from "../store/centre.ts";
import type { Outgoing } from "../store/delivery.ts";
import { saveSigned } from "../store/leaving.ts";
import { type NoticeRow, openSigned } from "../store/notice.ts";
import type { Recipient } from "../store/recipient.ts";
import { signNotice } from "./wire.ts";

/** What one try hands over, read before under the locks that a withdrawal has to wait for. */
export type Parcel = Outgoing & {
  readonly caseId: string;
  readonly row: NoticeRow;
  readonly recipient: Recipient;
  /** The notice as it was or is signed, for all ways and tries. */
  readonly signed: Signed;
  /** Of the service key. */
  readonly certificate: Signed;
  /** What a reminder or a withdrawal says; null for the notice itself. */
  readonly letter: FollowUp | null;
};

/** The signed text of a notice; it is signed once, and anew only where it was forgotten because it held what she took back. */
export async function signedOf(
  tx: InTransaction,
  jikim: Pick<Jikim, "vault" | "service">,
  row: NoticeRow,
  now: Temporal.Instant,
): Promise<Signed> {
  if (row.signedSealed !== null) return openSigned(jikim.vault, { id: row.id, signedSealed: row.signedSealed });
  const signed = await signNotice(tx, jikim, row, now);
  await saveSigned(tx, jikim.vault, row.id, signed);
  return signed;
}

/** @throws when the centre has no service certificate: nothing leaves before it is open. */
export async function pack(
  tx: InTransaction,
  jikim: Pick<Jikim, "vault" | "service">,
  of: Pick<Parcel, "row" | "recipient" | "letter"> & { readonly outgoing: Outgoing; readonly begun: Delivery },
  now: Temporal.Instant,
): Promise<Parcel> {
  const { row, recipient, letter, outgoing, begun } = of;
  const { serviceCertificate: certificate } = await findCentre(tx);
  if (certificate === null) throw new Error("a centre without a certificate has something to send");
  const signed = await signedOf(tx, jikim, row, now);
  return { ...outgoing, delivery: begun, caseId: row.caseId, row, recipient, letter, signed, certificate };
}
