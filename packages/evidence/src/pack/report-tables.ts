import type { PackManifest } from "./manifest.ts";
import type { ReportFacts } from "./report-facts.ts";
import { type Block, NONE, paragraph, type Said, type Section, same, table } from "./report-html.ts";

/** Rows of a table in the report; the manifest has all. */
const MOST_ROWS = 500;

/** The first rows, and how many more the manifest has. */
function most<T>(all: readonly T[], row: (each: T) => readonly Said[], head: readonly Said[]): Block[] {
  if (all.length === 0) return [paragraph(NONE)];
  const shown = table(head, all.slice(0, MOST_ROWS).map(row));
  const more = all.length - MOST_ROWS;
  if (more <= 0) return [shown];
  const rest = {
    ko: `그리고 ${more}개 더: seal/manifest.json 에 모두 있습니다.`,
    en: `And ${more} more: all of them stand in seal/manifest.json.`,
  };
  return [shown, paragraph(rest)];
}

const WHY_NOT: Readonly<Record<PackManifest["notStored"][number]["why"], Said>> = {
  media: { ko: "그림이나 영상", en: "picture or film" },
  "disguised-media": { ko: "다른 것으로 꾸민 그림이나 영상", en: "picture or film in disguise" },
  "not-text": { ko: "글이 아님", en: "not text" },
  "too-large": { ko: "너무 큼", en: "too large" },
  "not-chosen": { ko: "고르지 않음", en: "not chosen" },
};

export function notKept({ manifest }: ReportFacts): Section {
  return {
    title: { ko: "4. 저장하지 않은 것과 그 이유", en: "4. What was not kept, and why" },
    blocks: [
      paragraph({
        ko: "불법촬영물일 수 있는 것은 가지고만 있어도 문제가 되므로 저장하지 않습니다. 해시와 길이가 같은 파일이 나중에 나오면, 그것이 여기서 본 것과 같은 파일임을 보일 수 있습니다.",
        en: "What may be an unlawful picture is not stored, because possession itself can be an offence. Should a file of the same digest and length turn up later, it is shown to be the one that was seen here.",
      }),
      ...most(
        manifest.notStored,
        ({ address, type, bytes, sha256, why }) => [
          same(address),
          same(type),
          same(String(bytes)),
          same(sha256),
          WHY_NOT[why],
        ],
        [
          { ko: "주소", en: "Address" },
          { ko: "형식", en: "Type" },
          { ko: "바이트", en: "Bytes" },
          same("SHA-256"),
          { ko: "이유", en: "Why" },
        ],
      ),
    ],
  };
}

/** What captures kept and what became of it here: left out, or taken along and on what ground. Nothing where they kept nothing. */
export function keptApart({ manifest: { leftOut = [], keptUnder } }: ReportFacts): Block[] {
  const along: Block[] =
    keptUnder === undefined
      ? []
      : [
          paragraph({
            ko: `수집할 때 봉인해 남긴 것이 이 꾸러미에 들어 있습니다. 근거: ${keptUnder}. 사람을 찍은 그림이나 영상일 수 있으니 그 근거로만 여십시오.`,
            en: `What captures kept under a seal of their own is in this pack, on this ground: ${keptUnder}. It may be pictures or films of a person; open it on that ground only.`,
          }),
        ];
  if (leftOut.length === 0) return along;
  const words: Said = {
    ko: `수집할 때 봉인해 남긴 파일 ${leftOut.length}개는 이 꾸러미에 담지 않았습니다. 센터에 봉인되어 있습니다. 아래 해시는 각 증거의 서명된 목록에 있는 것입니다.`,
    en: `${leftOut.length} files that captures kept under a seal of their own were left out of this pack. They stay sealed at the centre. Their digests below are those of each exhibit's own signed manifest.`,
  };
  const rows = most(
    leftOut,
    ({ exhibit, path, bytes, sha256 }) => [same(String(exhibit)), same(path), same(String(bytes)), same(sha256)],
    [{ ko: "증거", en: "Exhibit" }, { ko: "파일", en: "File" }, { ko: "바이트", en: "Bytes" }, same("SHA-256")],
  );
  return [...along, paragraph(words), ...rows];
}

/** Marks of files, told as what they are: found or not found, and proof of nothing by their absence. */
export function marks({ marks: all }: ReportFacts): Block[] {
  if (all.length === 0) return [];
  return [
    paragraph({
      ko: "당사자가 자기 기기에서 파일의 표시(콘텐츠 자격 증명, 파일 정보, 보이지 않는 워터마크)를 읽어 보낸 것입니다. 읽은 것은 data/marks/번호.txt 에 말로 적혀 있습니다. 표시는 지우거나 꾸며 넣을 수 있고, 표시가 없다는 것은 아무것도 증명하지 않습니다. 파일은 기기를 떠나지 않았고 센터는 표시를 따로 확인하지 않았습니다. 거기 적힌 SHA-256이 같은 파일이 나오면 다시 읽어 볼 수 있습니다.",
      en: "The survivor read the marks of a file (Content Credentials, metadata, invisible watermarks) on her own device and sent them. data/marks/No.txt says in words what was read. Marks can be removed or forged; that a mark is absent proves nothing. The file did not leave her device, and the centre did not check the marks. Should a file of the SHA-256 that stands there turn up, it can be read again.",
    }),
    ...most(
      all,
      ({ number, item, sentAt }) => [
        same(`data/marks/${number}.txt`),
        item === null ? NONE : same(String(item)),
        same(sentAt),
      ],
      [
        { ko: "표시", en: "Marks" },
        { ko: "영상물", en: "Item" },
        { ko: "보내온 때", en: "Sent" },
      ],
    ),
  ];
}

export function gaps({ manifest }: ReportFacts): Section {
  return {
    title: { ko: "5. 빠진 것", en: "5. Gaps" },
    blocks: [
      paragraph({
        ko: "불러오지 못했거나 거절된 것입니다. 이 보고서는 여기 없는 것이 그 쪽에 없었다고 말하지 않습니다.",
        en: "What failed to load or was refused. The report does not say that what is absent here was absent from the page.",
      }),
      ...most(manifest.gaps, ({ address, why }) => [same(address), same(why)], [
        { ko: "주소", en: "Address" },
        { ko: "이유", en: "Why" },
      ]),
    ],
  };
}

export function digests({ files }: ReportFacts): Section {
  return {
    title: { ko: "6. 파일과 해시", en: "6. Files and digests" },
    blocks: [
      ...most(
        files,
        ({ path, bytes, sha256, sha512 }) => [same(path), same(String(bytes)), same(`${sha256} ${sha512}`)],
        [{ ko: "파일", en: "File" }, { ko: "바이트", en: "Bytes" }, same("SHA-256 · SHA-512")],
      ),
      paragraph({
        ko: "이 보고서의 파일은 이 표에 없습니다. 그 해시는 서명된 목록 seal/manifest.json 에 있습니다.",
        en: "The files of this report are not in this table; their digests stand in the signed list, seal/manifest.json.",
      }),
    ],
  };
}

function unread(count: number): Block {
  return paragraph({
    ko: `기록 ${count}건은 적힌 뒤 바뀌어 읽을 수 없습니다. 그 자리는 data/custody.jsonl 에 있고, 로그의 잎은 남아 있습니다.`,
    en: `Entries that were altered after they were written and cannot be read: ${count}. data/custody.jsonl names their places, and their leaves are in the log.`,
  });
}

const AFTERWARDS: Said = {
  ko: "이 보고서가 만들어진 때까지의 것입니다. 뒤의 일은 센터의 기록에 있습니다.",
  en: "Up to the moment of this report. What came after stands in the centre's log.",
};
const NOWHERE: Said = {
  ko: "만든 사람의 컴퓨터가 적은 것입니다. 뒤의 일은 적히지 않으니, 누구에게 언제 건넸는지 따로 적어 두십시오.",
  en: "As the maker's computer wrote it. Nothing writes down what comes after: note yourself to whom it was handed, and when.",
};

export function custody({ custody: acts, unreadable, madeBy }: ReportFacts): Section {
  return {
    title: { ko: "8. 보관의 내력", en: "8. Custody" },
    blocks: [
      ...most(acts, ({ at, did, role, who }) => [same(at), same(did), same(role), same(who)], [
        { ko: "때", en: "When" },
        { ko: "한 일", en: "Act" },
        { ko: "역할", en: "Role" },
        { ko: "가명", en: "Pseudonym" },
      ]),
      ...(unreadable === 0 ? [] : [unread(unreadable)]),
      paragraph(madeBy === "centre" ? AFTERWARDS : NOWHERE),
    ],
  };
}
