import type { RecipientStatus } from "./delivery-status.ts";
import { MAIL_CLASSES, type MailClass } from "./mail-class.ts";
import { MAIL_RULES } from "./mail-phrases.ts";
import type { Answer } from "./notice.ts";

/** What a person can say that a mail is. */
export const CONFIRMABLE_CLASSES = MAIL_CLASSES.filter(
  (each): each is Exclude<MailClass, "bounce"> => each !== "bounce",
);

export type MailFacts = {
  readonly subject: string;
  /** Plain text, with what it quotes of ours. */
  readonly text: string;
  /** Its headers say that a machine wrote it (RFC 3834: Auto-Submitted; also Precedence, X-Autoreply). */
  readonly automatic: boolean;
  /** Of a delivery report (RFC 3464), but for recipients of our own. Null: it is none. */
  readonly delivery: readonly RecipientStatus[] | null;
};

/** A class with what gave it. `phrase`: the words that matched, as they stand in the mail; personal, so not for plain storage. */
export type ClassedMail = { readonly class: MailClass; readonly rule: string; readonly phrase: string | null };

/** Characters of a mail that are looked at; an answer is at its beginning. Ours. */
const MOST_TEXT = 16_384;
const MOST_SENTENCE = 2000;

type Said = { readonly class: MailClass; readonly rule: string; readonly phrase: string };

/** Classes that answer a notice. A mail that says two of them is for a person to read. */
const ANSWERING: ReadonlySet<MailClass> = new Set([
  "removed",
  "refused",
  "needs-information",
  "not-ours",
  "counter-notice",
]);

/** Guesses by rules that can be shown: the delivery report first, then phrases, then what its headers say. */
export function classMail(facts: MailFacts): ClassedMail {
  if (facts.delivery !== null && facts.delivery.length > 0) return classDelivery(facts.delivery);
  const said = findPhrases(`${facts.subject}\n${stripQuotes(facts.text)}`);
  const answers = said.filter((each) => ANSWERING.has(each.class));
  const [first] = answers;
  if (first !== undefined) return settle(answers, first);
  const away = said.find((each) => each.class === "auto-reply");
  if (away !== undefined) return away;
  const receipt = said.find((each) => each.class === "receipt");
  if (receipt !== undefined) return receipt;
  if (facts.automatic) return { class: "auto-reply", rule: "header-automatic", phrase: null };
  return { class: "unknown", rule: "no-rule", phrase: null };
}

/** The worst it says: one recipient given up means that this notice did not arrive there. */
function classDelivery(delivery: readonly RecipientStatus[]): ClassedMail {
  const kinds = new Set(delivery.map((each) => each.kind));
  if (kinds.has("hard")) return { class: "bounce", rule: "bounce-hard", phrase: null };
  if (kinds.has("soft")) return { class: "bounce", rule: "bounce-soft", phrase: null };
  return { class: "auto-reply", rule: "delivered-report", phrase: null };
}

/** "Not ours, so we cannot remove it" is not ours; "we cannot without …" asks; any other two are for a person. */
function settle(answers: readonly Said[], first: Said): ClassedMail {
  const classes = new Set(answers.map((each) => each.class));
  if (classes.size === 1) return first;
  if (classes.size === 2 && classes.has("refused"))
    for (const stronger of ["not-ours", "needs-information"] as const) {
      const found = answers.find((each) => each.class === stronger);
      if (found !== undefined) return found;
    }
  return { class: "unknown", rule: "mixed", phrase: first.phrase };
}

function findPhrases(text: string): Said[] {
  const said: Said[] = [];
  for (const sentence of sentencesOf(text))
    for (const { id, class: of, pattern, unless } of MAIL_RULES) {
      const phrase = pattern.exec(sentence)?.[0];
      if (phrase !== undefined && unless?.test(sentence) !== true) said.push({ class: of, rule: id, phrase });
    }
  return said;
}

/** A line that is not closed goes on in the next: mails are wrapped. An empty line ends a sentence. */
function sentencesOf(text: string): string[] {
  const plain = text.slice(0, MOST_TEXT).normalize("NFC").toLowerCase().replaceAll("’", "'");
  const sentences = plain.split(/[.!?。]+(?:\s|$)|\n\s*\n/);
  return sentences
    .map((each) => each.replace(/\s+/g, " ").trim().slice(0, MOST_SENTENCE))
    .filter((each) => each !== "");
}

/** Where mail programs begin to quote the mail that is answered. */
const QUOTE_BEGINS = [
  /^-{2,}\s*(original message|original mail|원본 ?메[일시]지?|forwarded message|전달된 ?메[일시]지?)/i,
  /^_{10,}\s*$/,
  /^on .{1,200} wrote:\s*$/i,
  /^.{1,200}(님이|님께서) (작성|쓴 글|보낸 메시지).{0,20}:?\s*$/,
  /^(from|보낸 ?사람|발신자?) ?:.{1,300}$/i,
];

/** What somebody wrote, without what is quoted of us: our own words ask for removal and would be taken for an answer. */
export function stripQuotes(text: string): string {
  const kept: string[] = [];
  for (const line of text.slice(0, MOST_TEXT).split(/\r?\n/)) {
    const trimmed = line.trim().slice(0, 512);
    if (QUOTE_BEGINS.some((begins) => begins.test(trimmed)) && kept.some((each) => each.trim() !== "")) break;
    if (!trimmed.startsWith(">")) kept.push(line);
  }
  return kept.join("\n");
}

/** What a confirmed class records in the ledger; null when it is no answer. */
export function answerOf(confirmed: MailClass): Answer | null {
  if (confirmed === "receipt") return "received";
  if (confirmed === "auto-reply" || confirmed === "bounce" || confirmed === "unknown") return null;
  return confirmed;
}

const PHRASE_RULES: ReadonlySet<string> = new Set(MAIL_RULES.map(({ id }) => id));

/**
 * Whether a guess is plain enough to be confirmed together with others of its class: one phrase gave it, and no other contradicts it.
 * That a poster objects is for a person to read.
 */
export function isSureClass({ class: of, rule }: Pick<ClassedMail, "class" | "rule">): boolean {
  return PHRASE_RULES.has(rule) && of !== "counter-notice";
}
