import type { Jurisdiction, PublishedCell, SenderKind } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import type { Generated } from "kysely";
import type { RetentionSetting } from "../contract/packs.ts";
import type { Bytes, Json, MaybeJson, MaybeMoment, Moment } from "./column.ts";

export type Bilingual = { readonly ko: string; readonly en: string };

/** What a centre can edit; public, but for counsel's reference. */
export type CentreSettings = {
  readonly name: Bilingual;
  readonly contact: { readonly phone: string; readonly mail: string; readonly hours: Bilingual };
  readonly duty: Bilingual;
  readonly counselOpinion: string | null;
  /** Missing: it has not said, and only reports. */
  readonly senderKind?: SenderKind | undefined;
  /** Who signs notices for it. */
  readonly signer?: string | null | undefined;
  /** Where it is; missing: Korea. */
  readonly home?: Jurisdiction | undefined;
};

/** The centre itself, its keys and its watch on forms. */
export type CentreTables = {
  centre: {
    id: number;
    root: string | null;
    serviceCertificate: MaybeJson<Signed>;
    recoveryCertificate: MaybeJson<Signed>;
    recoveryRecipient: string | null;
    settings: Json<CentreSettings>;
    /** A keyed hash that tells whether the data key at hand is the one this database was written with. */
    dataKeyCheck: Bytes;
    gate: "open" | "closed";
    mostReportsAnHour: Generated<number>;
    setupTokenHash: Bytes | null;
    openedAt: MaybeMoment;
    retention: MaybeJson<RetentionSetting>;
  };
  lawReading: {
    id: Generated<number>;
    lawId: string;
    text: string;
    lookedOn: string;
    stands: boolean;
    reference: string;
    recordedBy: string;
    recordedAt: Moment;
  };
  closedRooms: { id: Generated<number>; reference: string; givenOn: string; recordedBy: string; recordedAt: Moment };
  spentEffort: { seedHash: Bytes; expiresAt: Moment };
  figureRelease: {
    id: string;
    periods: string[];
    least: number;
    cells: Json<readonly PublishedCell[]>;
    releasedAt: Moment;
    releasedBy: string;
  };
};
