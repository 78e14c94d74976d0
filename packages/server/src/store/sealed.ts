import type { AgeBand, Harm, LinkTalk, PlaceAddress } from "@jikim/casework";
import type { Fingerprint } from "@jikim/fingerprint";
import type { Vault } from "../vault.ts";

/**
 * What lies under the data key, and under which context: each column is sealed and opened here and nowhere else. What opens
 * was written by us, so its shape is believed.
 */
export type Codes = {
  readonly danger: boolean;
  readonly threat: boolean;
  /** Set by staff when the police asked to wait. */
  readonly policeHold: boolean;
  readonly ageBand: AgeBand;
  readonly harms: readonly Harm[];
  /** By place: what was said about opening a link that may be unique to her, beside a yes. */
  readonly links?: Readonly<Record<string, LinkTalk>>;
};

export function sealCodes(vault: Vault, caseId: string, codes: Codes): Buffer {
  return vault.seal(codes, `cases/codes/${caseId}`);
}
export function openCodes(vault: Vault, row: { readonly id: string; readonly codesSealed: Buffer }): Codes {
  return vault.open(row.codesSealed, `cases/codes/${row.id}`) as Codes;
}

/** An address for notifications that she allowed, and the neutral words that may be sent there. */
export type Notify = { readonly mail: string; readonly text: string };

export function sealNotify(vault: Vault, caseId: string, notify: Notify): Buffer {
  return vault.seal(notify, `cases/notify/${caseId}`);
}
export function openNotify(vault: Vault, caseId: string, sealed: Buffer): Notify {
  return vault.open(sealed, `cases/notify/${caseId}`) as Notify;
}

export function sealAddress(vault: Vault, placeId: string, address: PlaceAddress): Buffer {
  return vault.seal(address, `place/address/${placeId}`);
}
export function openAddress(vault: Vault, row: { readonly id: string; readonly addressSealed: Buffer }): PlaceAddress {
  return vault.open(row.addressSealed, `place/address/${row.id}`) as PlaceAddress;
}
/** Equal addresses have equal keys. */
export function keyOfAddress(vault: Vault, address: PlaceAddress): Buffer {
  return vault.keyOf(`${address.kind} ${address.text}`, "place/address");
}

export type FingerprintRow = {
  readonly itemId: string;
  /** 1 to 32. */
  readonly position: number;
  readonly fingerprintSealed: Buffer;
};

export function sealFingerprint(vault: Vault, itemId: string, position: number, fingerprint: Fingerprint): Buffer {
  return vault.seal(fingerprint, `item_fingerprint/${itemId}/${position}`);
}
export function openFingerprint(vault: Vault, row: FingerprintRow): Fingerprint {
  return vault.open(row.fingerprintSealed, `item_fingerprint/${row.itemId}/${row.position}`) as Fingerprint;
}
/** Equal fingerprints have equal keys. */
export function keyOfFingerprint(vault: Vault, value: string): Buffer {
  return vault.keyOf(value, "item_fingerprint/value");
}
