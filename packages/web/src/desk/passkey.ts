import { PRF_INPUT } from "@jikim/evidence";
import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import { toBase64url } from "../shared/base64url.ts";

/** What a passkey gave: the response for the server, and the PRF output (32 bytes) that never leaves; null without PRF. */
export type PasskeyAnswer = { readonly response: Record<string, unknown>; readonly prf: Uint8Array | null };

/** The options as the server sent them (JSON of WebAuthn level 3); only their own shape is read here. */
type Options = Record<string, unknown>;

/**
 * Makes a passkey. Authenticators that give no PRF output while creating (most security keys) are asked once more, in a ceremony
 * of this page alone.
 */
export async function createPasskey(options: Options): Promise<PasskeyAnswer> {
  const optionsJSON = withPrf(options) as unknown as PublicKeyCredentialCreationOptionsJSON;
  const made = await startRegistration({ optionsJSON });
  const given = readPrf(made.clientExtensionResults);
  if (given.output !== null || !given.enabled) return { response: withoutPrf(made), prf: given.output };
  const asked = await startAuthentication({
    optionsJSON: withPrf({
      challenge: toBase64url(crypto.getRandomValues(new Uint8Array(32))),
      rpId: optionsJSON.rp.id,
      userVerification: "required",
      allowCredentials: [{ type: "public-key", id: made.id }],
    }) as unknown as PublicKeyCredentialRequestOptionsJSON,
  });
  return { response: withoutPrf(made), prf: readPrf(asked.clientExtensionResults).output };
}

/** Signs in with any passkey of this centre that the person chooses. */
export async function answerWithPasskey(options: Options): Promise<PasskeyAnswer> {
  const optionsJSON = withPrf(options) as unknown as PublicKeyCredentialRequestOptionsJSON;
  const answered = await startAuthentication({ optionsJSON });
  return { response: withoutPrf(answered), prf: readPrf(answered.clientExtensionResults).output };
}

function withPrf(options: Options): Options {
  const extensions = typeof options.extensions === "object" ? options.extensions : {};
  return { ...options, extensions: { ...extensions, prf: { eval: { first: PRF_INPUT } } } };
}

/** The PRF output opens the staff key: it is taken out of what is sent. */
function withoutPrf(answer: { readonly clientExtensionResults: object }): Record<string, unknown> {
  const { prf: _kept, ...results } = answer.clientExtensionResults as Record<string, unknown>;
  return { ...answer, clientExtensionResults: results };
}

function readPrf(results: object): { readonly enabled: boolean; readonly output: Uint8Array | null } {
  const prf = "prf" in results && typeof results.prf === "object" ? results.prf : null;
  if (prf === null) return { enabled: false, output: null };
  const first = "results" in prf && typeof prf.results === "object" ? (prf.results as { first?: unknown }).first : null;
  const output = first instanceof ArrayBuffer ? new Uint8Array(first) : first instanceof Uint8Array ? first : null;
  return { enabled: output !== null || ("enabled" in prf && prf.enabled === true), output };
}
