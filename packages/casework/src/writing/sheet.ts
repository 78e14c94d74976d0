import type { FollowUp } from "../follow-up.ts";
import type { Bilingual } from "../laws/law.ts";
import { assertedGround, givenName } from "./fields.ts";
import { WORDS } from "./parts.ts";
import { onePlainLine, plainPlace } from "./plain.ts";
import { listingsOf } from "./search-result.ts";
import type { Declaration, Sheet, WritingFacts } from "./written.ts";

const LABEL = {
  places: { ko: "주소 (한 줄에 하나)", en: "Addresses, one on each line" },
  contents: { ko: "원본 페이지 주소 (한 줄에 하나)", en: "Addresses of the content, one on each line" },
  results: { ko: "검색 결과 주소 (한 줄에 하나)", en: "Addresses of the search results, one on each line" },
  reason: { ko: "이유", en: "Reason" },
  organisation: { ko: "보내는 기관", en: "Organisation" },
  mail: { ko: "전자우편", en: "E-mail" },
  phone: { ko: "전화", en: "Telephone" },
  law: { ko: "근거", en: "Ground" },
  declarations: { ko: "선언", en: "Declarations" },
  signature: { ko: "서명", en: "Signature" },
  person: { ko: "당사자 이름 (당사자가 동의함)", en: "Name of the person depicted, who agreed" },
  number: { ko: "요청 번호", en: "Request number" },
  subject: { ko: "제목", en: "Subject" },
  message: { ko: "내용", en: "Message" },
} as const satisfies Record<string, Bilingual>;

/** What to copy into a recipient's web form, in the order such forms ask. Null where the recipient has no form. */
export function sheetOf(facts: WritingFacts, declarations: readonly Declaration[]): Sheet | null {
  const { card, centre } = facts;
  if (card.form === null) return null;
  const ground = assertedGround(facts);
  const said = (reasons: boolean) =>
    declarations.flatMap(({ what, text }) => ((what === "reason") === reasons ? [text] : []));
  const listings = listingsOf(card, facts.places);
  const linesOf = (lines: readonly string[]) => [...new Set(lines)].join("\n");
  const where =
    listings === null
      ? { places: linesOf(facts.places.map(plainPlace)) }
      : {
          contents: linesOf(listings.map(({ content }) => content)),
          results: linesOf(listings.map(({ result }) => result)),
        };
  const values: Values = {
    ...where,
    reason: said(true).join(" "),
    organisation: onePlainLine(centre.name[card.language]),
    mail: onePlainLine(centre.contact.mail),
    phone: onePlainLine(centre.contact.phone),
    law: ground === null ? "" : WORDS[card.language].law(ground),
    declarations: said(false).join("\n"),
    signature: onePlainLine(centre.signer ?? ""),
    person: onePlainLine(givenName(facts) ?? ""),
    number: facts.noticeId,
  };
  return { url: card.form, rows: rowsOf(values) };
}

type Field = keyof typeof LABEL;
type Values = Readonly<Partial<Record<Field, string>>>;

/** In the order in which the values are given; what is empty is left out. */
function rowsOf(values: Values): Sheet["rows"] {
  const fields = Object.keys(values) as Field[];
  return fields.flatMap((field) => (values[field] ? [{ label: LABEL[field], value: values[field] }] : []));
}

/** What to copy into the same form when nothing more is asked. @param url  of the form. */
export function endSheetOf(
  letter: FollowUp,
  { url, noticeId, centre }: { readonly url: string; readonly noticeId: string; readonly centre: EndSender },
): Sheet {
  const [organisation, mail] = [onePlainLine(centre.name), onePlainLine(centre.mail)];
  return { url, rows: rowsOf({ subject: letter.subject, message: letter.text, number: noticeId, organisation, mail }) };
}

export type EndSender = { readonly name: string; readonly mail: string };
