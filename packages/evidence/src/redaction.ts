/** Numbers and addresses that point at a person, found by their form. */
export const PERSONAL = ["resident-number", "card", "phone", "account", "address", "mail"] as const;
export type Personal = (typeof PERSONAL)[number];

/** A stretch of a text, from `from` up to `to`, in UTF-16 units. */
export type Found = { readonly kind: Personal; readonly from: number; readonly to: number };

type Finder = {
  readonly kind: Personal;
  readonly form: RegExp;
  readonly holds: (found: string, around: string) => boolean;
};

const digitsOf = (text: string) => text.replace(/\D/g, "");

/** From here on the last six digits of a new number are random and no checksum holds (Resident Registration Act rule, October 2020). */
const RANDOM_SINCE = "201005";

/**
 * A Korean resident or alien registration number: a date of birth, a digit for century and sex, and for those given out before October
 * 2020 a checksum (sum of the digits weighted 2 to 9 and 2 to 5, modulo 11).
 */
function isResidentNumber(found: string): boolean {
  const digits = digitsOf(found);
  if (digits.length !== 13 || !/[1-8]/.test(digits[6] ?? "") || !isBirthday(digits)) return false;
  const hasHyphen = /\D/.test(found);
  // A newcomer of any age may have a random one: with its hyphen the form alone is enough.
  return hasHyphen || isChecked(digits) || (/[3478]/.test(digits[6] ?? "") && digits.slice(0, 6) >= RANDOM_SINCE);
}

function isBirthday(digits: string): boolean {
  const century = { 1: 1900, 2: 1900, 5: 1900, 6: 1900, 3: 2000, 4: 2000, 7: 2000, 8: 2000 }[digits[6] ?? ""] ?? 1900;
  const [year, month, day] = [
    century + Number(digits.slice(0, 2)),
    Number(digits.slice(2, 4)),
    Number(digits.slice(4, 6)),
  ];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

function isChecked(digits: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  const last = Number(digits[12]);
  const domestic = (11 - (sum % 11)) % 10;
  // Alien registration numbers add 2 to it (digit for sex 5 to 8).
  return last === domestic || (/[5-8]/.test(digits[6] ?? "") && last === (domestic + 2) % 10);
}

/** A payment card: 14 to 16 digits under ISO/IEC 7812's checksum (Luhn), of a range that cards have. */
function isCard(found: string): boolean {
  const digits = digitsOf(found);
  if (digits.length < 14 || digits.length > 16 || !/^[2-69]/.test(digits)) return false;
  let sum = 0;
  for (const [at, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** Without a gap or with one, a sum such as "+1.5" or "+12 345" has fewer digits. */
function isInternational(found: string): boolean {
  const count = digitsOf(found).length;
  return count >= 8 && count <= 15;
}

const BANKS =
  /(은행|뱅크|계좌|입금|송금|농협|신협|새마을|우체국|토스|국민|신한|우리|하나|기업|카카오|케이뱅크|account|bank|iban)/i;

/** A bank account has no form of its own: 10 to 14 digits count where a bank or an account is spoken of beside them. */
function isAccount(found: string, around: string): boolean {
  const count = digitsOf(found).length;
  return count >= 10 && count <= 14 && BANKS.test(around);
}

/** What stands between the groups of a number, as people write them: nothing, a space, or a mark with or without spaces. */
const GAP = "[ \\t]?[-._/]?[ \\t]?";
const EDGE = "(?<![\\d-])";
const END = "(?![\\d-]*\\d)";
const FINDERS: readonly Finder[] = [
  { kind: "mail", form: /[\p{L}\p{N}_.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}/gu, holds: () => true },
  {
    kind: "resident-number",
    form: new RegExp(`${EDGE}\\d{6}${GAP}\\d{7}${END}`, "g"),
    holds: isResidentNumber,
  },
  { kind: "card", form: new RegExp(`${EDGE}\\d{4}(?:${GAP}\\d{4}){2}${GAP}\\d{2,4}${END}`, "g"), holds: isCard },
  {
    kind: "phone",
    // Mobile (010 and the older 011 to 019), Seoul (02), regions (031 to 064), internet and personal numbers (070, 050x), with +82 as well.
    form: new RegExp(
      `(?<![\\d-])(?:\\+?82${GAP}\\(?0?\\)?|0)(?:1[016789]|2|[3-6]\\d|70|50\\d)\\)?${GAP}\\d{3,4}${GAP}\\d{4}${END}`,
      "g",
    ),
    holds: (found) => digitsOf(found).length >= 9,
  },
  {
    kind: "phone",
    // Of any other country: "+" and its code, 8 to 15 digits in all (ITU-T E.164, 6.2.1), in groups as people write them.
    form: /(?<![\d+])\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,5}\)[ .-]?)?\d{1,14}(?:[ .-]\d{1,8}){0,6}(?!\d)/g,
    holds: isInternational,
  },
  {
    kind: "account",
    form: new RegExp(`${EDGE}\\d{2,6}(?:[ \\t]?-[ \\t]?\\d{2,8}){1,4}${END}|${EDGE}\\d{10,14}${END}`, "g"),
    holds: isAccount,
  },
  {
    kind: "address",
    // Province or city, district, road or lot, number; then the rest of a flat's number.
    form: /(?:[가-힣]{1,4}(?:특별시|광역시|특별자치시|특별자치도|도|시)\s{1,2})?(?:[가-힣]{1,6}[시군구]\s{1,2}){1,2}(?:[가-힣]{1,6}[읍면동리가]\s{1,2})?[가-힣\d.]{1,12}(?:로|길|동|리|가)\s{0,2}\d{1,5}(?:-\d{1,4})?(?:번지|호)?(?:[,\s]{1,3}(?:[가-힣A-Za-z]{1,15}(?:아파트|빌라|빌딩|타워|오피스텔)?\s{0,2})?\d{1,4}(?:동|호|층)(?:\s{0,2}\d{1,5}호)?)?/g,
    holds: () => true,
  },
];

const LONGEST = 1_000_000;
const AROUND = 30;

/** Every form has a digit, or is a mail address. */
const MAYBE = /[\d@\uff10-\uff19\uff20]/;

/** Letters, digits and marks that only look other than those of the forms above, each one UTF-16 unit as theirs. */
const LOOKALIKE = /[\u00a0\u00b7\u2000-\u200a\u2010-\u2015\u2027\u202f\u2212\u3000\u318d\ufe58\ufe63\uff01-\uff5e]/g;

/** The text as the forms know it, unit for unit: full width to narrow, every dash to "-", every dot between to ".", every gap to a space. */
function fold(text: string): string {
  return text.replace(LOOKALIKE, (mark) => {
    const code = mark.charCodeAt(0);
    if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
    if ((code >= 0x2010 && code <= 0x2015) || code === 0x2212 || code === 0xfe58 || code === 0xfe63) return "-";
    return code === 0x00b7 || code === 0x2027 || code === 0x318d ? "." : " ";
  });
}

/** Personal numbers and addresses in a text, in order, none within another; what two forms claim goes to the one named first. */
export function findPersonal(text: string): Found[] {
  const read = text.slice(0, LONGEST);
  if (!MAYBE.test(read)) return [];
  const searched = fold(read);
  const found: Found[] = [];
  for (const { kind, form, holds } of FINDERS)
    for (const { 0: match, index: from } of searched.matchAll(form)) {
      const to = from + match.length;
      const around = searched.slice(Math.max(0, from - AROUND), to + AROUND);
      const isFree = found.every((other) => to <= other.from || from >= other.to);
      if (isFree && holds(match, around)) found.push({ kind, from, to });
    }
  return found.sort((a, b) => a.from - b.from);
}

const SAID: Readonly<Record<Personal, string>> = {
  "resident-number": "[주민번호 가림]",
  card: "[카드번호 가림]",
  phone: "[전화번호 가림]",
  account: "[계좌번호 가림]",
  address: "[주소 가림]",
  mail: "[메일주소 가림]",
};

/** The text with each of them replaced by what it was. Beyond a million letters nothing is shown at all. */
export function redact(text: string): { readonly text: string; readonly found: readonly Found[] } {
  const found = findPersonal(text);
  let shown = "";
  let at = 0;
  for (const { kind, from, to } of found) {
    shown += text.slice(at, from) + SAID[kind];
    at = to;
  }
  return { text: shown + text.slice(at, LONGEST), found };
}
