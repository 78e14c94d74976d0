import type { Role } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import type { Generated } from "kysely";
import type { Bytes, MaybeJson, MaybeMoment, Moment } from "./column.ts";

/** Who works here and how they sign in. */
export type StaffTables = {
  staff: {
    id: string;
    pseudonym: string | null;
    roles: Role[];
    state: "invited" | "waiting" | "active" | "left";
    recipient: string | null;
    verifyKey: string | null;
    certificate: MaybeJson<Signed>;
    approvedBy: Generated<string[]>;
    inviteTokenHash: Bytes | null;
    inviteExpiresAt: MaybeMoment;
    createdAt: Moment;
  };
  credential: {
    id: string;
    staffId: string;
    kind: "passkey" | "passphrase";
    passkeyId: string | null;
    passkeyPublicKey: Bytes | null;
    passkeyCounter: number | null;
    passphraseHash: string | null;
    wrapped: Bytes | null;
    createdAt: Moment;
  };
  session: { tokenHash: Bytes; staffId: string; credentialId: string; createdAt: Moment; expiresAt: Moment };
  ceremony: { id: string; purpose: "enrol" | "sign-in"; staffId: string | null; challenge: string; expiresAt: Moment };
};
