import type { Told } from "../../server/src/demo/survivor.ts";

/** What an invented survivor tells: two pictures (random fingerprints, of no picture at all) and two places. */
export function inventedReport(codes: Partial<Told["codes"]> = {}): Told {
  const hex = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");
  const item = () => ({
    kind: "picture" as const,
    fingerprints: [{ kind: "pdq" as const, value: hex(), quality: 90 }],
  });
  return {
    language: "ko",
    codes: { danger: false, threat: false, ageBand: "20s", harms: ["synthesised"], ...codes },
    items: [item(), item()],
    places: [
      { kind: "url", text: "https://board.example/p/1" },
      { kind: "room", text: "@invented_room" },
    ],
    consents: { remove: true, share: true, police: false, statistics: true },
    withdrawalPlan: "at-once",
    story: { story: "지어낸 이야기입니다.", names: "가상인물 하나" },
    contact: {
      ...{ ways: "가상의 메신저", when: "저녁 7시 뒤", where: "집은 안 됨", safeContact: "가상의 친구" },
      whatMayBeSaid: "주문 안내라고만",
    },
  };
}
