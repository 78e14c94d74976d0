import { type Draft, emptyDraft } from "../src/portal/draft.ts";

/** Words that stand nowhere else, so that a search for them finds every leak. */
export const PLANTED = {
  story: "평창여름눈사람",
  names: "가람솔빛이름",
  ways: "메신저-은하수71",
  when: "보름달저녁",
  where: "느티나무옆",
  words: "도서관책연체안내",
  safeContact: "이모할머니둘째",
  message: "바람개비다섯개",
} as const;

/** An invented report with an answer to everything. */
export function inventDraft(changes: Partial<Draft> = {}): Draft {
  return {
    ...emptyDraft(),
    danger: false,
    threat: false,
    ageBand: "20s",
    harms: ["circulated", "synthesised"],
    items: [{ id: "local", kind: "picture", fingerprints: [{ kind: "pdq", value: "0f".repeat(32), quality: 90 }] }],
    places: [{ kind: "url", text: "https://board.example/post/1" }],
    story: PLANTED.story,
    names: PLANTED.names,
    ways: PLANTED.ways,
    when: PLANTED.when,
    where: PLANTED.where,
    whatMayBeSaid: PLANTED.words,
    consents: { remove: true, share: true, police: false, statistics: null },
    withdrawalPlan: "after-24-hours",
    safeContact: PLANTED.safeContact,
    ...changes,
  };
}
