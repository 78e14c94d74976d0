import { entryOf, LOOKED_AT, type RegistryEntry, secondary } from "./entry.ts";

/** Authorities that can demand, block or fine. What they order is mostly a block in one country, not a removal. */
export const REGULATORS: readonly RegistryEntry[] = [
  entryOf({
    key: "kmcsc",
    card: {
      kind: "regulator",
      name: { ko: "방송미디어통신심의위원회", en: "Korea Media Communications Standards Commission" },
      jurisdiction: "kr",
      language: "ko",
      form: "https://www.kocsc.or.kr",
    },
    ways: [
      {
        by: "form",
        address: "https://www.kocsc.or.kr",
        needs: {
          ko: "첫 화면의 디지털성범죄 신고; 2025-10-01에 이름이 바뀌기 전의 주소이니 처음 낼 때 확인하고, 열리지 않으면 1377",
          en: "digital sex crime report on the front page; from before the new name of 2025-10-01, so look at it the first time, else call 1377",
        },
        source: secondary("ZDNet Korea 2019-01-28; 연합뉴스 2019-05-01"),
      },
      {
        by: "phone",
        address: "1377",
        needs: {
          ko: "3번 디지털성범죄, 24시간; 피해자 이름, 성별, 생년월일, 연락처, 내용 (옛 서식)",
          en: "3 for digital sex crimes, day and night; name, sex, birth date, contact, content (an older form)",
        },
        source: secondary("국번 없이 1377; ZDNet Korea 2019-08-26; 아주경제 2023-10-05"),
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
      form: "https://digital-strategy.ec.europa.eu/en/policies/dsa-dscs",
    },
    ways: [
      {
        by: "form",
        address: "https://digital-strategy.ec.europa.eu/en/policies/dsa-dscs",
        needs: {
          ko: "53조 진정: 목록에서 당사자가 있는 회원국의 조정관을 골라 그곳의 양식에 냄",
          en: "complaint, art. 53: choose the coordinator of the state she is in, and use the form there",
        },
        source: secondary("stored text of digital-strategy.ec.europa.eu/en/policies/dsa-dscs"),
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
      form: "https://www.ofcom.org.uk/make-a-complaint/complain-about-a-video-sharing-platform-vsp/sites-and-apps/harmful-content",
    },
    ways: [
      {
        by: "form",
        address:
          "https://www.ofcom.org.uk/make-a-complaint/complain-about-a-video-sharing-platform-vsp/sites-and-apps/harmful-content",
        needs: {
          ko: "서비스에 먼저 신고; 한 건씩 답하거나 조사하지는 않고 감독에 씀",
          en: "tell the service first; single complaints are neither answered nor investigated, and serve supervision",
        },
        source: secondary("stored text of ofcom.org.uk, 2023-11-07"),
      },
    ],
  }),
];
