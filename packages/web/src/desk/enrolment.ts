import {
  newPassphrase,
  newStaffKey,
  type Passphrase,
  passphraseToken,
  publicStaffKey,
  type StaffKey,
  wrapWithPasskey,
  wrapWithPassphrase,
} from "@jikim/evidence";
import { toBase64url } from "../shared/base64url.ts";
import type { Enrol, Enrolment } from "./contract.ts";
import type { PasskeyAnswer } from "./passkey.ts";

/** The ways in that a person chose: at least one. */
export type WaysIn = { readonly passkey: PasskeyAnswer | null; readonly passphrase: Passphrase | null };

export function generatePassphrase(): Passphrase {
  return newPassphrase();
}

/** Whether these ways in open her staff key; a passkey without PRF signs in but opens nothing. */
export function canHoldKey(ways: WaysIn): boolean {
  return ways.passphrase !== null || (ways.passkey !== null && ways.passkey.prf !== null);
}

/** Makes her staff key, when her roles need one, and wraps it under each way in. The key itself stays here. */
export async function enrol(enrolment: Enrolment, pseudonym: string, ways: WaysIn): Promise<Enrol> {
  const key = enrolment.needsKey ? newStaffKey() : null;
  return {
    pseudonym: pseudonym.trim(),
    passkey: ways.passkey && {
      response: ways.passkey.response,
      wrapped: key && ways.passkey.prf && toBase64url(await wrapWithPasskey(key, ways.passkey.prf)),
    },
    passphrase: ways.passphrase && {
      token: passphraseToken(ways.passphrase),
      wrapped: key && (await wrapUnderPassphrase(key, ways.passphrase)),
    },
    key: key && (await publicStaffKey(key)),
  };
}

async function wrapUnderPassphrase(key: StaffKey, passphrase: Passphrase): Promise<string> {
  return toBase64url(await wrapWithPassphrase(key, passphrase));
}
