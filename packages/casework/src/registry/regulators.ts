import { entryOf, LOOKED_AT, type RegistryEntry, secondary, UNKNOWN } from "./entry.ts";

/** Authorities that can demand, block or fine. What they order is mostly a block in one country, not a removal. */
export const REGULATORS: readonly RegistryEntry[] = [
  entryOf({
    key: "kmcsc",
    card: {
      kind: "regulator",
      name: { ko: "방송미디어통신심의위원회", en: "Korea Media Communications Standards Commission" },
      jurisdiction: "kr",
      language: "ko",
    },
    ways: [
      {
        by: "phone",
        address: "1377",
        needs: {
          ko: "피해자 이름, 성별, 생년월일, 연락처, 내용 (옛 서식)",
          en: "name, sex, birth date, contact, content (an older form)",
        },
        source: secondary("국번 없이 1377; ZDNet Korea 2019-08-26"),
      },
    ],
    source: { where: "방송미디어통신심의위원회 설치법 제18조, 제22조, 제23조", asOf: "2026-06-08", mark: "read" },
  }),
  entryOf({
    key: "esafety",
    card: {
      kind: "regulator",
      name: { ko: "호주 온라인안전국 (eSafety)", en: "eSafety Commissioner" },
      jurisdiction: "au",
      language: "en",
      form: "https://www.esafety.gov.au/report/forms",
    },
    ways: [
      {
        by: "form",
        address: "https://www.esafety.gov.au/report/forms",
        needs: {
          ko: "당사자 또는 위임받은 사람; 당사자나 게시자가 호주에 살거나 호주에서 호스팅될 것",
          en: "the person or who is authorised; she or the poster lives in Australia, or it is hosted there",
        },
        source: secondary("stored pages of esafety.gov.au"),
      },
    ],
    source: { where: "Online Safety Act 2021 ss.32, 33, 77", asOf: LOOKED_AT, mark: "read" },
  }),
  entryOf({
    key: "dsa-coordinator",
    card: {
      kind: "regulator",
      name: { ko: "유럽연합 디지털서비스 조정관", en: "Digital Services Coordinator" },
      jurisdiction: "eu",
      language: "en",
    },
    ways: [
      {
        by: "form",
        address: null,
        needs: { ko: "회원국마다 다름 (53조 진정)", en: "differs by member state (complaint, art. 53)" },
        source: UNKNOWN,
      },
    ],
  }),
  entryOf({
    key: "ftc",
    card: {
      kind: "regulator",
      name: { ko: "미국 연방거래위원회", en: "Federal Trade Commission" },
      jurisdiction: "us",
      language: "en",
      form: "https://takeitdown.ftc.gov",
    },
    ways: [
      {
        by: "form",
        address: "https://takeitdown.ftc.gov",
        needs: { ko: "48시간 안에 지우지 않은 플랫폼", en: "a platform that did not remove within 48 hours" },
        source: secondary("press"),
      },
    ],
  }),
  entryOf({
    key: "ofcom",
    card: {
      kind: "regulator",
      name: { ko: "영국 오프콤", en: "Ofcom" },
      jurisdiction: "gb",
      language: "en",
    },
    ways: [{ by: "form", address: null, needs: { ko: "확인하지 못함", en: "not found" }, source: UNKNOWN }],
  }),
];
