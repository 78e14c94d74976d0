import type { Act, CaseState, Clock, NextAct, WithdrawalPlan } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import type { Generated } from "kysely";
import type { Bytes, Json, MaybeJson, MaybeMoment, Moment } from "./column.ts";

/** A case, what she sent and what she agreed to. */
export type CaseTables = {
  draft: { tokenKey: Bytes; sealed: Bytes; savedAt: Moment; expiresAt: Moment };
  cases: {
    id: string;
    number: Generated<number>;
    submissionId: string;
    tokenKey: Bytes;
    survivorRecipient: string;
    caseRecipient: string;
    keyVersion: Generated<number>;
    state: CaseState;
    language: "ko" | "en";
    receivedAt: Moment;
    codesSealed: Bytes;
    notifySealed: Bytes | null;
    withdrawalPlan: WithdrawalPlan;
    receipt: Json<Signed>;
    assignedTo: string | null;
    safeContactWaitingSince: MaybeMoment;
    unansweredSince: MaybeMoment;
    nextAct: NextAct;
    nextDueAt: MaybeMoment;
    nextClock: MaybeJson<Clock>;
    closedAt: MaybeMoment;
    tellingNextAt: MaybeMoment;
  };
  caseWrap: { caseId: string; holder: string; wrapped: Bytes };
  document: {
    id: string;
    caseId: string;
    kind: "story" | "contact" | "message" | "note" | "mandate" | "answer" | "provenance";
    author: "survivor" | "staff" | "recipient";
    staffId: string | null;
    writtenAt: Moment;
    sealed: Bytes;
  };
  mandate: {
    caseId: string;
    establishedBy: "talk" | "documents";
    recordedAt: Moment;
    recordedBy: string;
    documentId: string;
  };
  consent: {
    caseId: string;
    act: Act;
    state: "refused" | "given" | "withdrawing" | "withdrawn";
    givenAt: MaybeMoment;
    effectiveAt: MaybeMoment;
    withdrawnAt: MaybeMoment;
  };
  item: { id: string; caseId: string; number: number; kind: "picture" | "video" };
  itemFingerprint: { itemId: string; position: number; fingerprintSealed: Bytes; valueKey: Bytes };
  statement: {
    id: string;
    caseId: string;
    whatSealed: Bytes;
    whatKey: Bytes;
    madeBy: "talk" | "documents";
    recordedAt: Moment;
    recordedBy: string;
  };
  release: { id: Generated<number>; caseId: string; releasedAt: Moment; role: string; who: string; what: string };
};
