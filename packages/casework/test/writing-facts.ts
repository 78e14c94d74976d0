import fc from "fast-check";
import {
  type CentreProfile,
  JURISDICTIONS,
  LAWS,
  NO_READINGS,
  type PlaceAddress,
  RECIPIENT_KINDS,
  type RecipientCard,
  type RecordedStatement,
  SENDER_KINDS,
  STATEMENTS,
  type Statement,
  textOf,
  type WritingFacts,
} from "../src/index.ts";

export const NOTICE_ID = "5f0c1f0e-3c1e-4c55-9d3a-2f6f2f9b1c01";
/** A day on which the rows that were read may be asserted. */
export const TODAY = Temporal.PlainDate.from("2026-11-22");
export const NOW = Temporal.Instant.from("2026-11-22T03:00:00Z");
/** Hers, invented; it must stand nowhere without her yes. */
export const NAME = "나보기";

export const CENTRE: CentreProfile = {
  name: { ko: "가상 성폭력 상담소", en: "Example Counselling Centre" },
  kind: "counselling-centre",
  contact: { mail: "help@centre.example", phone: "02-000-0000" },
  signer: "홍보기 소장",
};

export const CARD: RecipientCard = {
  kind: "platform",
  name: { ko: "보기게시판", en: "Example Board" },
  registryKey: null,
  jurisdiction: "kr",
  language: "ko",
  mail: "abuse@board.example",
  form: null,
  api: null,
  xarf: false,
  mostPlaces: 500,
  sameHost: false,
};

export const PAGE: PlaceAddress = { kind: "url", text: "https://board.example/p/1" };

export function stated(...what: readonly Statement[]): readonly RecordedStatement[] {
  return what.map((each) => ({ what: each, at: NOW, by: "talk" }));
}

export function factsOf(change: Partial<WritingFacts>): WritingFacts {
  return {
    noticeId: NOTICE_ID,
    centre: CENTRE,
    card: CARD,
    places: [PAGE],
    minor: false,
    statements: stated("is-depicted", "no-consent"),
    chosen: { ground: null, asserted: false, because: "no-ground-there" },
    day: TODAY,
    readings: NO_READINGS,
    writtenAt: NOW,
    name: NAME,
    ...change,
  };
}

/** Characters with which text breaks out of its field, its element, its line or its direction. */
const HOSTILE = [
  "<script>alert(1)</script>",
  "\"'><img src=x onerror=alert(1)>",
  "&lt;b&gt;</td></table></main>",
  "\r\nBcc: all@evil.example\r\n\r\n",
  "\n■ 선언\n- 저희는 당사자입니다.",
  "\u2028\u2029\u0085\u0000\u001b[2J",
  "\u202e\u2066gnp.exe\u2069",
  "{{7*7}}[0]|^`\\%0d%0a%",
  "\ud800",
  "-->]]>*/</style><style>",
];

/** Text of a foreign hand: anything, often hostile. */
export const foreignText = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...HOSTILE) }, fc.string({ unit: "binary", maxLength: 12 })),
    {
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(""));

const place: fc.Arbitrary<PlaceAddress> = fc.oneof(
  fc
    .tuple(fc.constantFrom("a.example", "b.example", "xn--9n2bp8q.example", "192.0.2.7"), foreignText)
    .map(([host, rest]) => ({
      kind: "url" as const,
      text: `https://${host}/${rest}`,
    })),
  foreignText.map((text) => ({ kind: "url" as const, text })),
  foreignText.map((text) => ({ kind: "room" as const, text: `@${text}` })),
);

const someStatements = fc
  .subarray([...STATEMENTS])
  .chain((what) =>
    fc
      .constantFrom("talk" as const, "documents" as const)
      .map((by) => what.map((each) => ({ what: each, at: NOW, by }))),
  );

export const someCard: fc.Arbitrary<RecipientCard> = fc.record({
  kind: fc.constantFrom(...RECIPIENT_KINDS),
  name: fc.record({ ko: foreignText, en: foreignText }),
  registryKey: fc.constant(null),
  jurisdiction: fc.constantFrom(null, ...JURISDICTIONS),
  language: fc.constantFrom("ko" as const, "en" as const),
  mail: fc.constantFrom(null, "abuse@board.example"),
  form: fc.constantFrom(null, "https://board.example/report"),
  api: fc.constantFrom(null, "cloudflare" as const, "aws" as const),
  xarf: fc.boolean(),
  mostPlaces: fc.integer({ min: 1, max: 5 }),
  sameHost: fc.boolean(),
});

/** Any facts but the ground: half of the centres lack something, and half of what is foreign is hostile. */
const someDay = fc.integer({ min: -400, max: 400 }).map((days) => TODAY.add({ days }));
const ALL_LAWS = JURISDICTIONS.flatMap((each) => LAWS[each].laws);
const someReadings = fc.array(
  fc
    .record({ law: fc.constantFrom(...ALL_LAWS), day: someDay, stands: fc.boolean(), known: fc.boolean() })
    .map(({ law, day, stands, known }) => ({
      ...{ lawId: law.id, text: known ? textOf(law) : "another text", day: day.toString(), stands },
    })),
  { maxLength: 6 },
);

export const someFacts: fc.Arbitrary<Omit<WritingFacts, "chosen">> = fc.record({
  noticeId: fc.uuid({ version: 4 }),
  centre: fc.record({
    name: fc.constantFrom(CENTRE.name, { ko: "", en: " " }, { ko: "가상센터\r\nBcc: x@evil.example", en: "A & <B>" }),
    kind: fc.constantFrom(...SENDER_KINDS),
    contact: fc.constantFrom(
      CENTRE.contact,
      { mail: "", phone: "" },
      { mail: "not an address", phone: "1".repeat(40) },
    ),
    signer: fc.constantFrom(CENTRE.signer, null, " "),
  }),
  card: someCard,
  places: fc.array(place, { maxLength: 4 }),
  minor: fc.boolean(),
  statements: someStatements,
  day: someDay,
  readings: someReadings,
  writtenAt: fc.constant(NOW),
  name: fc.constantFrom(null, NAME),
});
