import { fingerprint, type Pixels } from "@jikim/fingerprint";
import type { portal } from "../contract.ts";
import type { Told } from "./survivor.ts";

/** An invented case: nobody is meant, every name says so, every address ends in .example or is the demo's own board. */
export type InventedCase = {
  readonly told: Told;
  /** How far the invented centre has come with it. */
  readonly progress: "new" | "taken" | "mandate" | "listed" | "asked";
  readonly message: string | null;
};

const phone = {
  phone: "02-000-0000 (지어낸 번호)",
  mail: "help@jikim.example",
  hours: { ko: "평일 9–18시", en: "Weekdays 9 to 18" },
};

export const INVENTED_CENTRE: { name: { ko: string; en: string }; contact: portal.Centre["contact"] } = {
  name: { ko: "가상 디지털성범죄피해자지원센터", en: "Invented Support Centre" },
  contact: phone,
};

/** Address on the example board of the first case's picture. */
export const ON_BOARD = "invented-1";

type Sketch = {
  readonly codes: Told["codes"];
  readonly places: readonly string[];
  readonly pictures: number;
  readonly story: string;
  readonly progress: InventedCase["progress"];
  readonly language?: "ko" | "en";
  readonly message?: string;
  readonly consents?: Partial<Told["consents"]>;
};

const codes = (
  ageBand: Told["codes"]["ageBand"],
  harms: Told["codes"]["harms"],
  now: "danger" | "threat" | "calm" = "calm",
) => ({
  danger: now === "danger",
  threat: now === "threat",
  ageBand,
  harms,
});

const SKETCHES: readonly Sketch[] = [
  {
    codes: codes("20s", ["synthesised", "circulated"]),
    places: [`/p/${ON_BOARD}`],
    pictures: 2,
    progress: "asked",
    story: "지어낸 이야기: 산 그림에 제 이름을 붙인 글이 올라왔어요.",
    message: "보내 주신 내용을 확인했어요. 삭제 요청을 보냈어요.",
  },
  {
    codes: codes("14-17", ["synthesised", "threatened"], "threat"),
    places: ["@invented_room_one"],
    pictures: 1,
    progress: "new",
    story: "지어낸 이야기: 모르는 사람이 그림을 퍼뜨리겠다고 해요.",
  },
  {
    codes: codes("unknown", ["feared"]),
    places: [],
    pictures: 0,
    progress: "new",
    story: "지어낸 이야기: 퍼질까 봐 무서워요.",
  },
  {
    codes: codes("30s", ["filmed", "circulated"]),
    places: ["https://pictures.example/a/17", "https://pictures.example/a/18", "https://mirror.example/view?id=9"],
    pictures: 3,
    progress: "listed",
    story: "지어낸 이야기: 호수 그림 세 장이 퍼졌어요.",
  },
  {
    codes: codes("19", ["harassed", "synthesised"]),
    places: ["https://forum.example/t/55"],
    pictures: 1,
    progress: "mandate",
    story: "지어낸 이야기: 게시판에 합성한 그림과 욕설이 있어요.",
    message: "위임을 확인했어요. 다음 할 일을 알려 드릴게요.",
  },
  {
    codes: codes("40s", ["circulated"], "danger"),
    places: ["https://clips.example/w/3"],
    pictures: 1,
    progress: "taken",
    story: "지어낸 이야기: 그 사람이 집 앞에 있어요.",
  },
  {
    codes: codes("20s", ["threatened"], "threat"),
    places: ["https://t.me/invented_room_two"],
    pictures: 1,
    progress: "taken",
    story: "지어낸 이야기: 돈을 보내라고 해요.",
  },
  {
    codes: codes("18", ["circulated", "harassed"]),
    places: ["https://board.example/p/88", "https://board.example/p/89"],
    pictures: 2,
    progress: "mandate",
    story: "지어낸 이야기: 학교 단체방에서 봤어요.",
  },
  {
    codes: codes("50-plus", ["filmed"]),
    places: [],
    pictures: 1,
    progress: "taken",
    story: "지어낸 이야기: 옛 사진이 걱정돼요.",
    consents: { share: false },
  },
  {
    codes: codes("20s", ["circulated"]),
    places: ["https://pictures.example/b/2"],
    pictures: 2,
    progress: "listed",
    language: "en",
    story: "Invented story: drawings of hills were posted under my name.",
  },
  {
    codes: codes("10-13", ["synthesised"]),
    places: ["https://forum.example/t/71"],
    pictures: 1,
    progress: "new",
    story: "지어낸 이야기: 친구가 알려 줬어요.",
  },
  {
    codes: codes("30s", ["other", "harassed"]),
    places: ["@invented_room_three"],
    pictures: 0,
    progress: "taken",
    story: "지어낸 이야기: 누가 계속 따라다니며 글을 올려요.",
    consents: { police: true },
  },
];

/** The invented cases of the demo; `board` is the origin of the example platform, whose picture `onBoard` is the first case's. */
export function inventedCases(board: string, onBoard: Pixels): InventedCase[] {
  return SKETCHES.map((sketch, at) => ({
    told: {
      language: sketch.language ?? "ko",
      codes: sketch.codes,
      items: Array.from({ length: sketch.pictures }, (_, number) =>
        itemOf(at === 0 && number === 0 ? onBoard : drawing(at * 10 + number)),
      ),
      places: sketch.places.map((text) =>
        text.startsWith("@") ? { kind: "room", text } : { kind: "url", text: new URL(text, board).href },
      ),
      consents: { remove: true, share: true, police: false, statistics: true, ...sketch.consents },
      withdrawalPlan: at % 3 === 0 ? "after-24-hours" : "at-once",
      story: { story: sketch.story, names: `가상인물 ${at + 1}` },
      contact: {
        ways: `person-${at + 1}@mail.example (지어낸 주소)`,
        when: "평일 저녁 7시 이후",
        where: "학교나 집으로는 연락하지 마세요",
        whatMayBeSaid: "'주문 관련 안내'라고만 해 주세요",
        safeContact: `가상의 친구 ${at + 1}`,
      },
    },
    progress: sketch.progress,
    message: sketch.message ?? null,
  }));
}

function itemOf(pixels: Pixels): Told["items"][number] {
  const { pdq, quality } = fingerprint(pixels);
  return { kind: "picture", fingerprints: [{ kind: "pdq", value: pdq, quality }] };
}

/** A generated drawing of hills and a sun, different for each seed: the only kind of picture the demo holds. */
export function drawing(seed: number): Pixels {
  const [width, height] = [640, 480];
  const data = new Uint8Array(width * height * 3);
  const wave = (x: number, k: number) =>
    Math.sin(x * (0.004 + 0.003 * k + (seed % 7) * 0.0011) + seed * (1.7 + k)) * (38 + 11 * k);
  const [sunX, sunY] = [80 + ((seed * 137) % 480), 60 + ((seed * 71) % 90)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const layer = [3, 2, 1, 0].find((k) => y > 170 + 72 * k + wave(x, k)) ?? -1;
      const sun = layer < 0 && (x - sunX) ** 2 + (y - sunY) ** 2 < 1600;
      const shade =
        layer < 0 ? 150 + y / 4 : ([70, 200, 50, 170][layer] ?? 0) + 22 * Math.sin(x * 0.045 + layer * 2 + seed);
      data.set(
        sun ? [250, 225, 120] : [shade * (layer < 0 ? 0.8 : 0.5), shade * 0.9, shade * (layer < 0 ? 1.1 : 0.6)],
        (y * width + x) * 3,
      );
    }
  }
  return { data, width, height, channels: 3 };
}
