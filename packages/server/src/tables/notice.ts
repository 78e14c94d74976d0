import type { Answer, Channel, Clock, DeliveryState } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import type { Generated } from "kysely";
import type { Bytes, Json, MaybeBytes, MaybeJson, MaybeMoment, Moment } from "./column.ts";

/** What is asked of whom, and how far it came. */
export type NoticeTables = {
  laterRung: {
    placeId: string;
    recipientId: string;
    afterHours: number;
    why: string;
    namedAt: Moment;
    namedBy: string;
  };
  notice: {
    id: string;
    number: number | null;
    caseId: string;
    recipientId: string;
    state: "draft" | "approved" | "sent" | "answered" | "stopped";
    letterSealed: Bytes;
    groundId: string | null;
    asserted: Generated<boolean>;
    signedSealed: Bytes | null;
    createdAt: Moment;
    approvedAt: MaybeMoment;
    approvedBy: string | null;
    sentAt: MaybeMoment;
    dueAt: MaybeMoment;
    clock: MaybeJson<Clock>;
    answer: Answer | null;
    answeredAt: MaybeMoment;
    stoppedAt: MaybeMoment;
    stepWhy: Generated<string | null>;
    policyId: Generated<string | null>;
    receivedAt: MaybeMoment;
    remindAt: MaybeMoment;
    endNumber: Generated<number | null>;
    endSealed: MaybeBytes;
    endedAt: MaybeMoment;
    prepared: Generated<boolean>;
    discardedAt: MaybeMoment;
    discardedBy: Generated<string | null>;
  };
  noticePlace: { noticeId: string; placeId: string };
  delivery: {
    noticeId: string;
    purpose: Generated<"notice" | "reminder" | "withdrawal">;
    channel: Channel;
    state: DeliveryState;
    attempts: Generated<number>;
    nextTryAt: MaybeMoment;
    doubtedSince: MaybeMoment;
    asked: Generated<number>;
    referenceSealed: MaybeBytes;
    unarchived: Generated<boolean>;
    addressKey: Generated<Bytes | null>;
    doneAt: MaybeMoment;
  };
  policy: {
    id: string;
    recipientId: string;
    groundId: string | null;
    signed: Json<Signed>;
    madeBy: string;
    madeAt: Moment;
    endsAt: Moment;
    revokedAt: MaybeMoment;
    revokedBy: string | null;
  };
  climb: { placeId: string; caseId: string; startedAt: Moment; nextAt: MaybeMoment; because: string | null };
};
