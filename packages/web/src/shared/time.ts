import type { Language } from "./languages.ts";

const LOCALES = { ko: "ko-KR", en: "en-GB" } as const;

/** An instant (ISO 8601) as day and time of this device, such as "5월 3일 14:02" or "3 May, 14:02"; the year when it is another. */
export function showInstant(instant: string, language: Language): string {
  const at = new Date(instant);
  const otherYear = at.getFullYear() !== new Date().getFullYear();
  return new Intl.DateTimeFormat(LOCALES[language], {
    ...(otherYear ? { year: "numeric" } : {}),
    month: language === "ko" ? "long" : "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
}
