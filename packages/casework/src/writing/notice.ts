import { writeAws } from "../aws.ts";
import { writeCloudflare } from "../cloudflare.ts";
import type { NoticeField } from "../laws/law.ts";
import { lastLooked } from "../laws/reading.ts";
import { isMail, writeXarf } from "../xarf.ts";
import { asHtml, asText } from "./document.ts";
import { assertedGround, declare, missingFields } from "./fields.ts";
import { partsOf, WORDS } from "./parts.ts";
import { sheetOf } from "./sheet.ts";
import type { WritingFacts, WrittenGround, WrittenNotice } from "./written.ts";

/**
 * Writes one notice, in the centre's name, in every form its recipient takes. It never holds the picture; her name only with her
 * `name-may-be-given`; a law only where `mayAssert` allows it that day, whatever was chosen.
 */
export function writeNotice(facts: WritingFacts): WrittenNotice {
  const { card } = facts;
  const declarations = declare(facts, WORDS[card.language]);
  const parts = partsOf(facts, declarations);
  const channels = channelsOf(facts);
  const missing = [...missingFields(facts, declarations), ...missingForChannel(facts, channels)];
  return {
    subject: parts.subject,
    language: card.language,
    text: asText(parts),
    html: asHtml(parts, card.language),
    ground: groundOf(facts),
    declarations,
    missing: [...new Set(missing)],
    ...channels,
    sheet: sheetOf(facts, declarations),
  };
}

function groundOf(facts: WritingFacts): WrittenGround | null {
  const { ground } = facts.chosen;
  if (ground === null) return null;
  const { id, law, article, source } = ground;
  const asserted = assertedGround(facts) !== null;
  const asOf = lastLooked(ground, facts.day, facts.readings).day;
  return { id, law, article, source: source.where, asOf, mark: source.mark, asserted };
}

type Channels = Pick<WrittenNotice, "xarf" | "cloudflare" | "aws">;

const SHOWN = "Intimate images of a person (they may be synthetic) are shown here.";

/** What machines read is in English and names the centre only. */
function channelsOf(facts: WritingFacts): Channels {
  const { centre, card, places, minor, noticeId, writtenAt } = facts;
  const declarations = declare(facts, WORDS.en);
  const said = declarations.map(({ text }) => text);
  const ground = assertedGround(facts);
  const law = ground === null ? [] : [`${WORDS.en.heading.law}: ${WORDS.en.law(ground)}.`];
  const org = centre.name.en.trim() || centre.name.ko;
  const mail = centre.contact.mail.trim();
  const noConsent = declarations.some(({ statement }) => statement === "no-consent");
  const reports = writeXarf({
    ...{ noticeId, org, mail, places, minor, noConsent, writtenAt },
    description: [SHOWN, ...said, ...law].join(" "),
  });
  const report = writeCloudflare({
    ...{ org, mail, places, phone: centre.contact.phone, title: `${WORDS.en.asks[card.kind].title} (${noticeId})` },
    comments: [noticeId, SHOWN, ...said, ...law, ...WORDS.en.please[card.kind]].join("\n"),
  });
  return {
    xarf: card.xarf ? reports : [],
    cloudflare: card.api === "cloudflare" ? report : null,
    aws: card.api === "aws" ? writeAws(noticeId, reports) : [],
  };
}

/** What keeps a recipient's own channel from being used: its payload could not be written of these facts. */
function missingForChannel({ card, places, centre }: WritingFacts, channels: Channels): readonly NoticeField[] {
  const written =
    (card.api !== "cloudflare" || channels.cloudflare !== null) &&
    (card.api !== "aws" || (places.length > 0 && channels.aws.length === places.length));
  if (written) return [];
  return isMail(centre.contact.mail) ? ["place"] : ["sender-contact"];
}
