import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { Config } from "./config.ts";

/** What a browser sends or is sent, as JSON of WebAuthn level 3; the library checks its shape. */
export type PasskeyJson = Record<string, unknown>;

/** A verified passkey. */
export type Passkey = { readonly id: string; readonly publicKey: Buffer; readonly counter: number };

/** EdDSA, ES256 and RS256 (IANA, COSE algorithms). Named, since the library would ask Node for one that Node still calls experimental. */
const ALGORITHMS = [-8, -7, -257];

const rpId = (config: Config) => new URL(config.origin).hostname;

/** Options to make a passkey that can sign in without a name and verifies its holder. */
export async function askForNewPasskey(
  config: Config,
  who: { readonly staffId: string; readonly centre: string; readonly roles: readonly string[] },
): Promise<{ readonly options: PasskeyJson; readonly challenge: string }> {
  const options = await generateRegistrationOptions({
    rpName: who.centre,
    rpID: rpId(config),
    userName: who.roles.join(" · "),
    userID: new TextEncoder().encode(who.staffId),
    attestationType: "none",
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  return { options: { ...options }, challenge: options.challenge };
}

/** The passkey made in answer to one of these challenges, or null when anything about it is not right. */
export async function readNewPasskey(
  config: Config,
  response: PasskeyJson,
  challenges: readonly string[],
): Promise<Passkey | null> {
  const verified = await verifyRegistrationResponse({
    response: response as unknown as RegistrationResponseJSON,
    expectedChallenge: (challenge) => challenges.includes(challenge),
    expectedOrigin: config.origin,
    expectedRPID: rpId(config),
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => null);
  if (!verified?.verified) return null;
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  return { id, publicKey: Buffer.from(publicKey), counter };
}

/** Options to sign in with any passkey of this centre. */
export async function askForPasskey(
  config: Config,
): Promise<{ readonly options: PasskeyJson; readonly challenge: string }> {
  const options = await generateAuthenticationOptions({ rpID: rpId(config), userVerification: "required" });
  return { options: { ...options }, challenge: options.challenge };
}

/** The new use counter when the passkey answered the challenge, else null. */
export async function verifyPasskey(
  config: Config,
  response: PasskeyJson,
  expected: { readonly challenge: string; readonly passkey: Passkey },
): Promise<number | null> {
  const { id, publicKey, counter } = expected.passkey;
  const verified = await verifyAuthenticationResponse({
    response: response as unknown as AuthenticationResponseJSON,
    expectedChallenge: expected.challenge,
    expectedOrigin: config.origin,
    expectedRPID: rpId(config),
    requireUserVerification: true,
    credential: { id, publicKey: new Uint8Array(publicKey), counter },
  }).catch(() => null);
  return verified?.verified ? verified.authenticationInfo.newCounter : null;
}
