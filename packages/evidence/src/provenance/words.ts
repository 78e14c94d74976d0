import type { AiMark, ContentCredentials, Mark, NotChecked, ProvenanceReport } from "./report.ts";

export type Language = "ko" | "en";
type Said = Readonly<Record<Language, string>>;

const MARK_WORDS: Readonly<Record<AiMark, Said>> = {
  "a1111-parameters": {
    ko: "Stable Diffusion WebUI(A1111/Forge)의 생성 설정",
    en: "settings of Stable Diffusion WebUI (A1111/Forge)",
  },
  comfyui: { ko: "ComfyUI의 작업 흐름", en: "a ComfyUI workflow" },
  novelai: { ko: "NovelAI의 표시", en: "NovelAI's own fields" },
  "novelai-stealth": { ko: "투명도에 숨은 NovelAI의 표시", en: "NovelAI's signature hidden in the transparency" },
  invokeai: { ko: "InvokeAI의 생성 정보", en: "InvokeAI's own fields" },
  fooocus: { ko: "Fooocus의 생성 정보", en: "Fooocus's own fields" },
  midjourney: { ko: "Midjourney의 작업 번호", en: "a Midjourney job number" },
  "digital-source-type": { ko: "AI로 만들었다는 IPTC 표시", en: "the IPTC statement that a trained model made it" },
  credit: { ko: "AI를 언급하는 출처 표시", en: "a credit line that names AI" },
  "aigc-label": { ko: "중국의 AI 생성물 표시(AIGC)", en: "China's label for generated content (AIGC)" },
  "ai-software": { ko: "AI 프로그램의 이름", en: "the name of an AI program" },
  "watermark-sd1": {
    ko: "Stable Diffusion 1의 보이지 않는 워터마크",
    en: "the invisible watermark of Stable Diffusion 1",
  },
  "watermark-sd2": {
    ko: "Stable Diffusion 2의 보이지 않는 워터마크",
    en: "the invisible watermark of Stable Diffusion 2",
  },
  "watermark-sdxl": { ko: "SDXL의 보이지 않는 워터마크", en: "the invisible watermark of SDXL" },
  "watermark-flux": { ko: "FLUX의 보이지 않는 워터마크", en: "the invisible watermark of FLUX" },
};

const STRENGTH_WORDS: Readonly<Record<Mark["strength"], Said>> = {
  strong: { ko: "도구가 남기는 고유한 표시", en: "a mark that the tool itself leaves" },
  weak: { ko: "누구나 적을 수 있는 글, 약한 표시", en: "words that anyone may have typed: a weak mark" },
};

const CREDENTIAL_WORDS: Readonly<Record<ContentCredentials["state"], Said>> = {
  trusted: {
    ko: "콘텐츠 자격 증명: 온전하며 신뢰 목록의 서명입니다",
    en: "Content Credentials: intact, signed under a trust list",
  },
  valid: {
    ko: "콘텐츠 자격 증명: 온전하나 누가 서명했는지는 확인되지 않았습니다",
    en: "Content Credentials: intact, but who signed them is not established",
  },
  invalid: {
    ko: "콘텐츠 자격 증명: 맞지 않습니다. 바뀌었을 수 있습니다",
    en: "Content Credentials: they do not hold; the file may have been altered",
  },
};

const WHAT_WORDS: Readonly<Record<NotChecked["what"], Said>> = {
  metadata: { ko: "파일 정보", en: "the file's metadata" },
  "compressed-text": { ko: "파일 안의 압축된 글", en: "compressed text in the file" },
  "content-credentials": { ko: "콘텐츠 자격 증명", en: "Content Credentials" },
  "invisible-watermark": { ko: "보이지 않는 워터마크", en: "the invisible watermark" },
};

const LIMITS: Said = {
  ko: "표시는 지우거나 꾸며 넣을 수 있습니다. 표시가 없다는 것은 아무것도 증명하지 않습니다.",
  en: "Marks can be removed or forged. That a mark is absent proves nothing.",
};
const NO_MARKS: Said = { ko: "찾은 표시가 없습니다.", en: "No mark was found." };
const CAMERA: Said = {
  ko: "카메라 정보가 적혀 있습니다. 나중에 적어 넣을 수도 있습니다",
  en: "Camera details are written in the file. They can also be written later",
};
const PLACE: Said = { ko: "위치가 적혀 있습니다", en: "a place is written in it" };
const NOT_CHECKED: Said = { ko: "확인하지 못함", en: "Not checked" };

/** A mark in a plain sentence, with its field. */
export function sayMark({ what, where, strength }: Mark, language: Language): string {
  return `${MARK_WORDS[what][language]} (${where}; ${STRENGTH_WORDS[strength][language]})`;
}

function sayCredentials(found: ContentCredentials, language: Language): string {
  const details = [...found.generators, found.issuer, found.signedAt, ...found.sourceTypes, ...found.problems];
  return [CREDENTIAL_WORDS[found.state][language], ...details.filter((each) => each !== null)].join(" · ");
}

/** The report in plain sentences, the last always what it cannot show. It never says a picture is real or not made by AI. */
export function sayProvenance(report: ProvenanceReport, language: Language): string[] {
  const { marks, contentCredentials, camera, notChecked } = report;
  const lines = marks.map((mark) => sayMark(mark, language));
  if (marks.length === 0) lines.push(NO_MARKS[language]);
  if (contentCredentials !== null) lines.push(sayCredentials(contentCredentials, language));
  if (camera !== null) {
    const details = [camera.make, camera.model, camera.takenAt, camera.gps ? PLACE[language] : null];
    lines.push([CAMERA[language], ...details.filter((each) => each !== null)].join(" · "));
  }
  for (const { what } of notChecked) lines.push(`${NOT_CHECKED[language]}: ${WHAT_WORDS[what][language]}`);
  return [...lines, LIMITS[language]];
}
