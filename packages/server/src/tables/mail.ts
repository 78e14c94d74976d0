import type { MailClass } from "@jikim/casework";
import type { Bytes, MaybeMoment, Moment } from "./column.ts";

/** Answers that came back. */
export type MailTables = {
  mail: {
    id: string;
    mailboxKey: Bytes;
    uid: number;
    contentKey: Bytes;
    receivedAt: Moment;
    class: MailClass;
    rule: string;
    pressing: boolean;
    noticeId: string | null;
    foundBy: "address" | "reference" | "text" | "hand" | null;
    documentId: string | null;
    unsortedSealed: Bytes | null;
    state: "unsorted" | "waiting" | "settled";
    settledAs: MailClass | null;
    settledAt: MaybeMoment;
    settledBy: string | null;
  };
  mailCopy: { messageKey: Bytes; seenAt: Moment };
  /** Notices of cases that were erased: mail that names one is not kept. */
  erasedNotice: { id: string; erasedAt: Moment; searchedAt: MaybeMoment };
  platformAnswer: {
    id: string;
    platformId: string;
    entryId: string;
    did: "held" | "blocked" | "released" | "dropped";
    answeredAt: Moment;
    receivedAt: Moment;
  };
};
