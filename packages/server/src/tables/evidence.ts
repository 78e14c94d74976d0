import type { AuthorityKind, CaptureMode, ReferralGroundId, Role } from "@jikim/casework";
import type { ColumnType, Generated } from "kysely";
import type { Bytes, MaybeBytes, MaybeMoment, Moment } from "./column.ts";

/** What was kept as evidence, sealed, and for whom. */
export type EvidenceTables = {
  sealedFile: {
    id: string;
    caseId: string;
    keySealed: MaybeBytes;
    bytes: number | null;
    sha256: MaybeBytes;
    begunAt: Moment;
  };
  sealedFilePart: { fileId: string; position: number; content: Bytes };
  authority: {
    id: string;
    caseId: string;
    kind: AuthorityKind;
    factsSealed: Bytes;
    fromAt: Moment;
    untilAt: MaybeMoment;
    approveBy: MaybeMoment;
    approvedAt: MaybeMoment;
    endedAt: MaybeMoment;
    recordedBy: string;
    recordedAt: Moment;
  };
  capture: {
    id: string;
    caseId: string;
    number: number;
    state: "queued" | "running" | "sealed" | "failed";
    orderSealed: Bytes;
    placeId: string | null;
    mode: CaptureMode;
    minor: boolean;
    access: "open" | "closed";
    signedIn: boolean;
    authorityId: string | null;
    orderedBy: string;
    orderedRole: Role;
    orderedAt: Moment;
    tries: Generated<number>;
    startedAt: MaybeMoment;
    endedAt: MaybeMoment;
    leaseUntil: MaybeMoment;
    packId: string | null;
    failure: string | null;
    kept: number | null;
    media: number | null;
    notStored: number | null;
    gaps: number | null;
    lockedAt: MaybeMoment;
  };
  chat: {
    id: string;
    caseId: string;
    announcedAt: Moment;
    size: number;
    root: Bytes;
    shown: number;
    digest: Bytes;
    hers: Bytes;
    partId: string;
    originalId: string;
    keyVersion: number | null;
    partKey: MaybeBytes;
    originalKey: MaybeBytes;
    receivedAt: MaybeMoment;
    leavesAt: MaybeMoment;
  };
  /** What the centre sealed: captures, chats and packs for somebody, each by its manifest. */
  seal: {
    packId: string;
    caseId: string;
    /** SHA-256 of the manifest's text. */
    manifest: Bytes;
    signature: Bytes;
    textSealed: MaybeBytes;
    sealedAt: Moment;
    stamp: MaybeBytes;
    stampedAt: MaybeMoment;
    stampNextAt: MaybeMoment;
    stampTries: Generated<number>;
    /** Milliseconds by which our clock was before the authority's. */
    clockOffMs: ColumnType<number | null, never, number>;
    stampTrouble: ColumnType<string | null, string | null | undefined, string | null>;
  };
  /** A pack for a unit outside. */
  pack: {
    id: string;
    caseId: string;
    state: "ordered" | "sealed" | "withdrawn" | "erased";
    /** Unit, exhibit and legal basis. */
    orderSealed: Bytes;
    /** What the browser writes the pack with; until its ciphertext came. */
    answerSealed: MaybeBytes;
    basis: "consent" | "agreed" | "law";
    groundId: ReferralGroundId | null;
    authorityId: string | null;
    orderedAt: Moment;
    orderedBy: string;
    fileId: ColumnType<string | null, string | null | undefined, string | null>;
    sealedAt: MaybeMoment;
    endedAt: MaybeMoment;
  };
  referral: {
    id: string;
    packId: string;
    number: Generated<number>;
    state: "open" | "taken" | "withdrawn";
    tokenHash: Bytes;
    madeAt: Moment;
    madeBy: string;
    expiresAt: Moment;
    takenAt: MaybeMoment;
    fetches: Generated<number>;
    receiptSealed: MaybeBytes;
    receiptAt: MaybeMoment;
    told: Generated<"not-needed" | "waiting" | "by-hand" | "told">;
    tellNextAt: MaybeMoment;
  };
  /** Cases whose evidence was erased, by the rule then in force, and those that are erased whole. */
  erasure: {
    caseId: string;
    erasedAt: Moment;
    because: "due" | "asked";
    rule: string;
    caseWantedAt: MaybeMoment;
    caseErasedAt: MaybeMoment;
  };
};
