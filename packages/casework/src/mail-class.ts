/**
 * What an incoming mail seems to be. bounce: a mail server could not deliver our notice · auto-reply: a machine wrote it and says
 * nothing of the matter · the rest: an answer, by its phrases. All but a bounce are guesses until a person confirms one.
 */
export const MAIL_CLASSES = [
  "receipt",
  "removed",
  "refused",
  "needs-information",
  "not-ours",
  "counter-notice",
  "auto-reply",
  "bounce",
  "unknown",
] as const;
export type MailClass = (typeof MAIL_CLASSES)[number];
