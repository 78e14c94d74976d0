import type { Jurisdiction, RecipientKind } from "@jikim/casework";
import type { Generated } from "kysely";
import type { Bytes, MaybeMoment, Moment } from "./column.ts";

/** Who is asked, who takes the list, and what is known of hosts. */
export type RecipientTables = {
  recipient: {
    id: string;
    kind: RecipientKind;
    /** Empty only for a platform of `unsealedPlatform`. */
    cardSealed: Bytes;
    cardKey: Bytes;
    ownedKeys: Bytes[];
    reachedKeys: Bytes[];
    jurisdiction: Jurisdiction | null;
    language: "ko" | "en";
    hostile: Generated<boolean>;
    foundBy: "registry" | "rdap" | "hand";
    noticesSent: Generated<number>;
    createdAt: Moment;
  };
  recipientChange: {
    id: string;
    number: Generated<number>;
    recipientId: string;
    field: "mail" | "form" | "jurisdiction" | "language" | "hosts" | "hostile";
    changeSealed: Bytes;
    changedBy: string;
    changedAt: Moment;
  };
  unsealedPlatform: { id: string; name: string; hosts: string[]; mail: string | null; language: "ko" | "en" };
  /** What a recipient that takes the list has besides; the same id. */
  platform: {
    id: string;
    keyHash: Bytes | null;
    keyExpiresAt: MaybeMoment;
    keyRevokedAt: MaybeMoment;
    lastSeenAt: MaybeMoment;
    listNumber: number | null;
    createdAt: Moment;
  };
  deadAddress: { recipientId: string; addressKey: Bytes; status: string; since: Moment; until: Moment };
  hostLookup: {
    id: string;
    hostKey: Bytes;
    hostSealed: Bytes;
    askedAt: Moment;
    answerSealed: Bytes | null;
    staleAt: MaybeMoment;
    nextTryAt: MaybeMoment;
    attempts: Generated<number>;
  };
  rdapAnswer: { subjectKey: Bytes; answerSealed: Bytes; expiresAt: Moment };
  rdapFile: { name: "dns" | "ipv4" | "ipv6"; content: string; etag: string | null; checkedAt: Moment };
  rdapServer: { serverKey: Bytes; minuteEndsAt: Moment; asked: number; pausedUntil: MaybeMoment };
};
