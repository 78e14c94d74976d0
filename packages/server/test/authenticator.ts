import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";

/** A passkey in software, with user verification: WebAuthn level 3 §6.1 (authenticator data) and §6.5 (attestation "none"). */
export type SoftPasskey = {
  register(options: Options): Response;
  answer(options: Options): Response;
};

type Options = { readonly challenge: string; readonly rp?: { readonly id: string }; readonly rpId?: string };
type Response = Record<string, unknown>;

const PRESENT_AND_VERIFIED = 0x05;
const HAS_CREDENTIAL = 0x40;

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest();

/** @param origin  where the page claims to be. */
export function softPasskey(origin: string): SoftPasskey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(16);
  let uses = 0;
  const clientData = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const authenticatorData = (rpId: string, flags: number) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(++uses);
    return Buffer.concat([sha256(rpId), Buffer.of(flags), counter]);
  };
  const credential = (response: object): Response => ({
    ...{ id: text(id), rawId: text(id), type: "public-key", clientExtensionResults: {}, response },
  });
  return {
    register({ challenge, rp }) {
      const jwk = publicKey.export({ format: "jwk" });
      const bytes = (part: string | undefined) => new Uint8Array(Buffer.from(part ?? "", "base64url"));
      // COSE_Key of ES256 on P-256 (RFC 9053 §2.1, §7.1.1).
      const cose = isoCBOR.encode(
        new Map<number, number | Uint8Array>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, bytes(jwk.x)],
          [-3, bytes(jwk.y)],
        ]),
      );
      const header = authenticatorData(rp?.id ?? "", PRESENT_AND_VERIFIED | HAS_CREDENTIAL);
      const authData = Buffer.concat([header, Buffer.alloc(16), Buffer.of(0, id.length), id, cose]);
      const attestation = isoCBOR.encode(
        new Map<string, unknown>([
          ["fmt", "none"],
          ["attStmt", new Map()],
          ["authData", new Uint8Array(authData)],
        ]) as never,
      );
      return credential({
        clientDataJSON: text(clientData("webauthn.create", challenge)),
        attestationObject: text(attestation),
      });
    },
    answer({ challenge, rpId }) {
      const data = authenticatorData(rpId ?? "", PRESENT_AND_VERIFIED);
      const client = clientData("webauthn.get", challenge);
      const signature = sign("sha256", Buffer.concat([data, sha256(client)]), privateKey);
      return credential({ clientDataJSON: text(client), authenticatorData: text(data), signature: text(signature) });
    },
  };
}
