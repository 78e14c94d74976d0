/** What the evidence pages ask: captures, authorities, packs, links for units, custody and how long records are kept. */
import type { captures, chats, packs } from "@jikim/server/contract";
import { askFile, sendFile } from "../../shared/file-transfer.ts";
import { ask, HEADERS, post } from "../server.ts";

export type Capture = captures.Capture;
export type CapturePost = captures.CapturePost;
export type Authority = captures.Authority;
export type AuthorityPost = captures.AuthorityPost;
export type Chat = chats.Chat;
export type Unit = packs.Unit;
export type PackGround = packs.PackGround;
export type PackOrder = packs.PackOrder;
export type CustodyPost = packs.CustodyPost;
export type SealedPack = packs.SealedPack;
export type PackVouching = packs.PackVouching;
export type PackRow = packs.PackRow;
export type Referral = packs.Referral;
export type Custody = packs.Custody;
export type CustodyList = packs.CustodyList;
export type CaseRetention = packs.CaseRetention;
export type RetentionSetting = packs.RetentionSetting;
export type PackList = { readonly packs: readonly PackRow[]; readonly grounds: readonly LegalGround[] };
export type LegalGround = {
  readonly id: Extract<PackGround, { kind: "law" }>["id"];
  readonly law: { readonly ko: string; readonly en: string };
  readonly article: string;
  readonly source: string;
  readonly asOf: string;
  readonly mark: "read" | "secondary" | "general" | "unknown";
  readonly units: readonly Unit["kind"][];
  readonly needsReference: boolean;
  readonly open: boolean;
};
export type Timestamps = { readonly authority: string | null; readonly waiting: number };
export type Emergency = captures.EmergencyDue;
export type Counsel = { readonly reference: string; readonly givenOn: string };
export type ReferralMade = { readonly id: string; readonly link: string; readonly expiresAt: string };
export type Withdrawn = {
  readonly erased: boolean;
  readonly taken: readonly {
    readonly referralId: string;
    readonly unit: Unit;
    readonly text: { readonly ko: string; readonly en: string };
  }[];
};

const put = (path: `/api/${string}`, body: unknown) => ask<unknown>(path, { method: "PUT", body, headers: HEADERS });

export const readCaptures = async (caseId: string) =>
  (await ask<{ readonly rows: readonly Capture[] }>(`/api/desk/cases/${caseId}/captures`)).rows;
export const orderCapture = (caseId: string, capture: CapturePost) =>
  post<Capture>(`/api/desk/cases/${caseId}/captures`, capture);
export const retryCapture = (caseId: string, captureId: string) =>
  post<Capture>(`/api/desk/cases/${caseId}/captures/${captureId}/retry`, { session: null });

export const readAuthorities = async (caseId: string) =>
  (await ask<{ readonly rows: readonly Authority[] }>(`/api/desk/cases/${caseId}/authorities`)).rows;
export const addAuthority = (caseId: string, authority: AuthorityPost) =>
  post<Authority>(`/api/desk/cases/${caseId}/authorities`, authority);
export type Approval = {
  readonly by: string;
  readonly number: string;
  readonly at: string;
  readonly until: string;
};
export const approveAuthority = (caseId: string, id: string, approval: Approval) =>
  post<Authority>(`/api/desk/cases/${caseId}/authorities/${id}/approve`, approval);
export const endAuthority = (caseId: string, id: string) =>
  post<Authority>(`/api/desk/cases/${caseId}/authorities/${id}/end`);

export const readChats = async (caseId: string) =>
  (await ask<{ readonly chats: readonly Chat[] }>(`/api/desk/cases/${caseId}/chats`)).chats;

export const fetchCapture = (caseId: string, captureId: string) =>
  askFile(`/api/desk/cases/${caseId}/captures/${captureId}/pack`);
export const fetchChat = (caseId: string, chatId: string) => askFile(`/api/desk/cases/${caseId}/chats/${chatId}/part`);

export const readPacks = (caseId: string) => ask<PackList>(`/api/desk/cases/${caseId}/packs`);
export const orderPack = (caseId: string, order: PackOrder) =>
  post<SealedPack>(`/api/desk/cases/${caseId}/packs`, order);
export const readVouching = (packId: string) => ask<PackVouching>(`/api/desk/packs/${packId}/vouching`);
export const sendPack = (packId: string, sealed: Blob, share: (share: number) => void) =>
  sendFile<{ readonly bytes: number; readonly sha256: string }>(
    `/api/desk/packs/${packId}/sealed`,
    sealed,
    HEADERS,
    share,
  );
export type ChatSeal = Pick<SealedPack, "text" | "signature" | "certificate" | "publicKey">;
export type ChatDigests = {
  readonly exhibit: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly sha512: string;
};
/** Has the server sign a chat as an exhibit of its own, once. */
export const sealChat = (caseId: string, chatId: string, digests: ChatDigests) =>
  post<ChatSeal>(`/api/desk/cases/${caseId}/chats/${chatId}/seal`, digests);
export const fetchPack = (packId: string) => askFile(`/api/desk/packs/${packId}/sealed`);
export const makeReferral = (packId: string, days: number) =>
  post<ReferralMade>(`/api/desk/packs/${packId}/referrals`, { days });
export const recordReceipt = (referralId: string, receipt: { readonly number: string; readonly who: string }) =>
  post<unknown>(`/api/desk/referrals/${referralId}/receipt`, receipt);
export const withdrawPack = (packId: string) => post<Withdrawn>(`/api/desk/packs/${packId}/withdraw`);
export const recordTold = (referralId: string) => post<unknown>(`/api/desk/referrals/${referralId}/told`);

export const readCustody = (caseId: string) => ask<CustodyList>(`/api/desk/cases/${caseId}/custody`);
/** Writes down what happened outside the server. */
export const postCustody = (packId: string, act: CustodyPost) =>
  post<unknown>(`/api/desk/packs/${packId}/custody`, act);
export const readRetention = (caseId: string) => ask<CaseRetention>(`/api/desk/cases/${caseId}/retention`);
export const eraseCase = (
  caseId: string,
  wish: { readonly what: "evidence" | "case"; readonly statedAdult: boolean },
) => post<unknown>(`/api/desk/cases/${caseId}/erase`, wish);

export const readTimestamps = () => ask<Timestamps>("/api/desk/timestamps");
export const readRetentionSetting = () => ask<RetentionSetting>("/api/desk/retention");
export const saveRetentionSetting = (setting: RetentionSetting) => put("/api/desk/retention", setting);
export const readCounsel = async () =>
  (await ask<{ readonly counsel: Counsel | null }>("/api/desk/closed-rooms")).counsel;
export const saveCounsel = (counsel: Counsel | null) => put("/api/desk/closed-rooms", { counsel });
