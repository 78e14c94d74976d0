import type { PackManifest } from "./manifest.ts";
import { certificateSections } from "./report-certificate.ts";
import type { ReportExhibit, ReportFacts } from "./report-facts.ts";
import {
  documentHtml,
  type Language,
  list,
  NONE,
  paragraph,
  type Said,
  type Section,
  same,
  table,
} from "./report-html.ts";
import { custody, digests, gaps, keptApart, marks, notKept } from "./report-tables.ts";

/**
 * The report of a pack for a person to read, in Korean or English: a page without scripts, pictures or addresses of other hosts, to be printed.
 * It says nothing that the manifest, the exhibits or the custody history do not hold, and claims nothing of what was not seen.
 */
export function reportHtml(facts: ReportFacts, language: Language): string {
  const { manifest } = facts;
  const title: Said = {
    ko: `증거 보고서 ${manifest.exhibit}`,
    en: `Evidence report ${manifest.exhibit}`,
  };
  const sections = [
    summary(facts),
    captured(facts),
    ...(facts.exhibits.length === 0 ? [] : [exhibits(facts)]),
    notKept(facts),
    gaps(facts),
    digests(facts),
    state(facts),
    custody(facts),
    byHand(facts),
    ...certificateSections(facts),
  ];
  return documentHtml(title, sections, language);
}

const NOT_YET: Said = { ko: "아직 없음", en: "not yet" };

const MODES: Readonly<Record<PackManifest["mode"], Said>> = {
  "hash-and-discard": {
    ko: "해시만 남기고 버림: 그림과 영상은 지나가는 동안 해시와 길이만 재고 저장하지 않았습니다",
    en: "hash and discard: of pictures and films only digest and length were taken in passing; they were not stored",
  },
  "keep-matching": {
    ko: "본인의 것과 일치하는 것만 보존: 성인 본인의 지문과 일치하는 그림만 봉인해 남겼습니다",
    en: "keep matching: only pictures that match this adult's own fingerprints were sealed and kept",
  },
  export: { ko: "내보낸 대화에서 골라 담음", en: "chosen out of what a messenger exported" },
};

const AUTHORITIES: Readonly<Record<NonNullable<PackManifest["authority"]>["kind"], Said>> = {
  "police-request": { ko: "경찰의 요청", en: "police request" },
  emergency: { ko: "긴급 권한", en: "emergency authority" },
  "court-permit": { ko: "법원의 허가", en: "court permit" },
};

/** What a reader must know before anything else of a pack that no centre made. */
const OUTSIDE: Said = {
  ko: "이 꾸러미는 센터 없이 누군가 혼자 만들었습니다. 서명한 열쇠는 이 꾸러미만을 위해 만들어 버린 것이고, 누구의 것인지 아무도 보증하지 않습니다. 시각 확인도 기록(로그)도 없습니다. 적힌 시각은 만든 사람의 컴퓨터가 말한 것입니다. 서명은 봉인 뒤에 파일이 바뀌지 않았음을 보일 뿐, 누가 언제 만들었는지는 보이지 않습니다. 그것은 만든 사람의 진술로 밝혀야 합니다. 만든 뒤 바로 꾸러미 파일의 SHA-256을 다른 사람에게 알려 두면, 적어도 그때부터 그대로임을 보일 수 있습니다.",
  en: "Somebody made this pack alone; no centre was involved. The key that signed it was made for this pack and thrown away, and nobody vouches for whose it is. No authority stamped the time and no log holds it: the times are what the maker's computer said. The signature shows that the files were not changed after they were sealed. It does not show who sealed them, or when; the maker's testimony has to. Whoever tells somebody else the SHA-256 of the pack file at once can at least show that it is the same since then.",
};

function summary({ manifest, recipientUnit, madeBy }: ReportFacts): Section {
  const { authority, minor, centre } = manifest;
  const power: Said =
    authority === null
      ? NONE
      : {
          ko: `${AUTHORITIES[authority.kind].ko} ${authority.number} · 범위: ${authority.scope} · ${authority.from} ~ ${authority.until ?? "끝 없음"} · 승인: ${authority.approvedBy}`,
          en: `${AUTHORITIES[authority.kind].en} ${authority.number} · scope: ${authority.scope} · ${authority.from} to ${authority.until ?? "no end"} · approved by: ${authority.approvedBy}`,
        };
  return {
    title: { ko: "1. 무엇인가", en: "1. What this is" },
    blocks: [
      table(null, [
        [{ ko: "증거 번호", en: "Exhibit" }, same(manifest.exhibit)],
        [{ ko: "꾸러미 번호", en: "Pack" }, same(manifest.packId)],
        [{ ko: "이어지는 꾸러미", en: "Continues pack" }, manifest.previous === null ? NONE : same(manifest.previous)],
        [
          { ko: "센터", en: "Centre" },
          { ko: centre.ko, en: centre.en },
        ],
        [{ ko: "사건", en: "Case" }, same(manifest.case)],
        [{ ko: "받는 곳", en: "For" }, recipientUnit === null ? NONE : same(recipientUnit)],
        [{ ko: "법적 근거", en: "Legal basis" }, same(manifest.legalBasis)],
        [{ ko: "수사 권한", en: "Authority" }, power],
        [
          { ko: "동의 (센터 기록의 SHA-256)", en: "Consent (SHA-256 of the centre's record)" },
          manifest.consent === null ? NONE : same(manifest.consent),
        ],
        [
          { ko: "미성년으로 봄", en: "Counts as a minor" },
          minor ? { ko: "예", en: "yes" } : { ko: "아니오", en: "no" },
        ],
      ]),
      madeBy === "somebody"
        ? paragraph(OUTSIDE)
        : paragraph({
            ko: "이름은 적지 않고 역할과 가명만 적습니다. 누구인지는 센터가 따로 봉인해 가지고 있습니다.",
            en: "Roles and pseudonyms stand here, no names. Who they are the centre holds sealed elsewhere.",
          }),
    ],
  };
}

const TOOK: Said = {
  ko: "걸린 시간 (아무도 맞추지 않는 시계로)",
  en: "Took (by a clock that nobody sets)",
};

function pageRows({ page }: ReportFacts): Said[][] {
  if (page === undefined) return [];
  return [
    [{ ko: "요청한 주소", en: "Address asked for" }, same(page.requested)],
    [{ ko: "다다른 주소", en: "Address reached" }, same(page.final)],
  ];
}

function captured(facts: ReportFacts): Section {
  const { manifest } = facts;
  const { startedAt, endedAt, tookMs, sealedAt, zone, clockOffMs, tool, mode } = manifest;
  const clock: Said =
    clockOffMs === null
      ? { ko: "다른 시계와 견주지 않았습니다", en: "not compared with another clock" }
      : {
          ko: `시각 인증 기관의 시계보다 ${clockOffMs}밀리초 (빠르면 +, 느리면 −; 하루 안에 견준 값)`,
          en: `${clockOffMs} milliseconds before the timestamp authority's clock (minus: behind; compared within a day)`,
        };
  return {
    title: { ko: "2. 언제, 누가, 무엇으로", en: "2. When, by whom, with what" },
    blocks: [
      table(null, [
        ...pageRows(facts),
        [{ ko: "시작", en: "Started" }, same(startedAt)],
        [{ ko: "끝", en: "Ended" }, same(endedAt)],
        ...(tookMs === undefined ? [] : [[TOOK, same(`${tookMs} ms`)]]),
        [{ ko: "봉인", en: "Sealed" }, same(sealedAt)],
        [{ ko: "기계의 시간대", en: "Zone of the machine" }, same(zone)],
        [{ ko: "시계의 어긋남", en: "Clock off by" }, clock],
        [{ ko: "도구", en: "Tool" }, same(`${tool.name} ${tool.version}`)],
        [{ ko: "설정 (SHA-256)", en: "Settings (SHA-256)" }, tool.settings === null ? NONE : same(tool.settings)],
        [{ ko: "방식", en: "Way" }, MODES[mode]],
      ]),
      table(
        [
          { ko: "역할", en: "Role" },
          { ko: "한 일", en: "Act" },
          { ko: "때", en: "When" },
        ],
        manifest.actors.map(({ role, did, at }) => [same(role), same(did), same(at)]),
      ),
    ],
  };
}

const KINDS: Readonly<Record<ReportExhibit["kind"], Said>> = {
  capture: { ko: "쪽이나 방의 수집", en: "capture of a page or room" },
  chat: { ko: "대화 내보내기의 일부", en: "part of a chat export" },
  other: { ko: "그 밖", en: "other" },
};

function exhibits(facts: ReportFacts): Section {
  const head: Said[] = [
    { ko: "번호", en: "No." },
    { ko: "증거", en: "Exhibit" },
    { ko: "종류", en: "Kind" },
    { ko: "무엇", en: "About" },
    { ko: "봉인", en: "Sealed" },
    { ko: "시각 확인", en: "Stamped" },
    { ko: "기록", en: "Log" },
  ];
  const rows = facts.exhibits.map((each) => [
    same(String(each.number)),
    same(`${each.exhibit} · ${each.packId} · manifest SHA-256 ${each.manifestSha256}`),
    KINDS[each.kind],
    about(each),
    same(each.sealedAt),
    each.stampedAt === null ? NOT_YET : same(each.stampedAt),
    each.logged === null ? NOT_YET : same(`${each.logged.origin} ${each.logged.index}`),
  ]);
  return {
    title: { ko: "3. 담긴 증거", en: "3. Exhibits inside" },
    blocks: [
      table(head, rows),
      paragraph({
        ko: "각 증거는 제 봉인을 따로 가지고 data/exhibits/번호/seal 에 있습니다. 대화에서 고르지 않은 말은 담지 않았고, 몇 개를 빼놓았는지는 모든 말에 대한 머클 약속으로 증명됩니다.",
        en: "Each exhibit has a seal of its own in data/exhibits/No./seal. Messages of a chat that were not chosen are not in it; how many were left out is proved by a Merkle commitment over all of them.",
      }),
      ...keptApart(facts),
      ...marks(facts),
    ],
  };
}

function about({ about: said, messages }: ReportExhibit): Said {
  const first = said ?? "";
  if (messages === null) return same(first);
  const { shown, leftOut } = messages;
  return {
    ko: `${first} 보이는 말 ${shown}개, 빼놓은 말 ${leftOut}개`.trim(),
    en: `${first} ${shown} messages shown, ${leftOut} left out`.trim(),
  };
}

function state({ madeBy, stamps, logOrigin, root }: ReportFacts): Section {
  const title: Said = { ko: "7. 서명, 시각, 기록", en: "7. Signature, time, log" };
  if (madeBy === "somebody") return { title, blocks: [paragraph(OUTSIDE)] };
  const stamp: Said =
    stamps === "configured"
      ? {
          ko: "이 보고서가 만들어진 뒤 서명하고 시각 확인을 요청합니다. 답은 seal/timestamp.tsr 에 있고, 그 파일이 없으면 아직 확인되지 않은 것입니다.",
          en: "It is signed and a timestamp asked for after this report was made. The answer is seal/timestamp.tsr; where that file is absent, it was not stamped.",
        }
      : {
          ko: "시각 확인 기관이 정해져 있지 않습니다. 적힌 때는 센터의 시계가 말한 것이며, 기록(로그)이 따로 순서를 보입니다.",
          en: "No timestamp authority is configured. The times are what the centre's clock said; the log shows the order by itself.",
        };
  return {
    title,
    blocks: [
      paragraph(stamp),
      table(null, [
        [{ ko: "기록(로그)의 이름", en: "Name of the log" }, same(logOrigin)],
        [{ ko: "센터의 오프라인 루트", en: "The centre's offline root" }, same(root)],
      ]),
      paragraph({
        ko: "루트는 센터의 안내문에 인쇄된 것과 같아야 합니다. 이 쪽에 적힌 것을 믿지 말고 안내문과 견주십시오.",
        en: "The root must be the one that is printed on the centre's leaflet. Compare it with the leaflet; do not believe this page.",
      }),
    ],
  };
}

function byHand({ manifest: { packId } }: ReportFacts): Section {
  return {
    title: { ko: "9. 손으로 확인하기", en: "9. How to verify by hand" },
    blocks: [
      paragraph({
        ko: "지킴 없이 데비안의 도구로 확인할 수 있습니다. 같은 글이 꾸러미의 README.txt 에 있습니다.",
        en: "It can be checked without Jikim, with tools as in Debian. The same words stand in README.txt of the pack.",
      }),
      list(
        [
          `age -d -i KEYFILE PACK | tar x && cd jikim-pack-${packId}`,
          "sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt",
          "sha512sum -c manifest-sha512.txt",
          "printf 'jikim/pack/v1\\n' | cat - seal/manifest.json > /tmp/signed",
          "openssl pkeyutl -verify -pubin -inkey seal/key.pem -rawin -in /tmp/signed -sigfile seal/manifest.sig",
          "openssl ts -verify -data seal/manifest.sig -in seal/timestamp.tsr -CAfile ROOTS.pem",
        ].map(same),
      ),
    ],
  };
}
