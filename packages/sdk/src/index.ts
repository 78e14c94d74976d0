export { type Centre, type CentreOptions, type CentreStatus, followCentre } from "./centre.ts";
export type { Connection } from "./connection.ts";
export type { ListStep } from "./list.ts";
export { fingerprintUpload, type Match, type Matched, type Uploaded } from "./match.ts";
export { type NoticeEndHandler, type NoticeHandler, readMailedNotice, type Taken } from "./notices.ts";
export { JikimRefusal, REFUSALS, type RefusalCode } from "./refusal.ts";
export { memoryStore, type Store } from "./store.ts";
export type { Entry, PlatformAnswer, WireNotice, WireNoticeEnd } from "./wire.ts";
