import type { Statement } from "../ground.ts";
import type { LegalPeriod } from "../laws/law.ts";
import type { Words } from "./words.ts";

/** What she stated, as it follows "on the statement". */
const STATED: Readonly<Partial<Record<Statement, string>>> = {
  "is-depicted": "of being the person depicted",
  "speaks-for": "of speaking for the person depicted",
  "no-consent": "that there was no consent",
  "is-intimate": "that the content is intimate",
  "good-faith": "of good-faith belief",
  truth: "that it is true",
};

const COPIES = "Please also remove identical copies at other addresses, and keep them from coming back.";

export const ENGLISH: Words = {
  asks: {
    platform: {
      subject: "Removal request",
      title: "Request to remove intimate images",
      lead: "Please remove the intimate images (they may be synthetic) at the places below.",
    },
    host: {
      subject: "Removal request",
      title: "Request to remove intimate images (hosting provider)",
      lead: "Please remove, or disable access to, the intimate images (they may be synthetic) that your servers hold at the places below.",
    },
    network: {
      subject: "Request to stop delivery",
      title: "Request to stop delivering intimate images",
      lead: "Please stop delivering and caching the intimate images (they may be synthetic) that pass through your network at the places below.",
    },
    registrar: {
      subject: "Abuse report",
      title: "Domain used to spread intimate images",
      lead: "A domain registered with you spreads intimate images (they may be synthetic) at the places below. Please act under your terms.",
    },
    search: {
      subject: "De-indexing request",
      title: "Request to de-index intimate images",
      lead: "Please take the addresses below out of search results and previews. They show intimate images (which may be synthetic).",
    },
    regulator: {
      subject: "Complaint",
      title: "Complaint about intimate images",
      lead: "Please act so that the intimate images (they may be synthetic) at the places below are removed or blocked.",
    },
  },
  named: {
    deletion: {
      subject: "Deletion request",
      title: "Deletion request: unlawfully filmed or synthesised material",
      lead: "We request deletion of, or blocking of access to, unlawfully filmed or synthesised material that is open to the general public at the places below.",
    },
    report: {
      subject: "Report",
      title: "Report of unlawfully filmed or synthesised material",
      lead: "We report unlawfully filmed or synthesised material that is open to the general public at the places below. Please delete it or block access.",
    },
    infringement: {
      subject: "Removal request",
      title: "Request to remove information that infringes rights",
      lead: "The intimate images (they may be synthetic) at the places below infringe the privacy and personality rights of the person depicted. Please delete them or take a temporary measure.",
    },
    takeItDown: {
      subject: "TAKE IT DOWN removal request",
      title: "Removal request under the TAKE IT DOWN Act",
      lead: "Please remove the intimate visual depictions (authentic or digital forgeries) at the places below.",
    },
    complaint: {
      subject: "Image-based abuse complaint",
      title: "Complaint about an intimate image",
      lead: "We complain about the intimate images at the places below and ask for a removal notice to the provider.",
    },
  },
  first: "priority",
  to: (name) => `To the team at ${name}`,
  heading: {
    places: "Places",
    grounds: "Why, and on what ground",
    why: "Reason",
    law: "Ground",
    period: "When",
    person: "Person depicted (who agreed to be named)",
    please: "We also ask",
    declarations: "Declarations",
    sender: "Sender",
  },
  label: {
    number: "Request number",
    centre: "Organisation",
    mail: "E-mail for answers",
    phone: "Telephone",
    signer: "Electronic signature",
    day: "Date",
    standing: "Standing",
  },
  noConsent: "The person depicted, or who speaks for that person, states that there was no consent to publication.",
  intimate:
    "The content at the places named is intimate image content, as stated by or for the person depicted. We have not viewed it.",
  child:
    "The person depicted is a child or of unknown age. Please treat the images as images that may be those of a child.",
  forHer: "We act with the authority of the person depicted.",
  forWhoSpeaks:
    "We act with the authority of someone who speaks for the person depicted (a guardian or a named agent).",
  herGoodFaith:
    "The person depicted, or who speaks for that person, has stated a good-faith belief that the images were published without consent.",
  ourGoodFaith:
    "We believe in good faith that the information and allegations in this notice are accurate and complete.",
  truth:
    "The person depicted, or who speaks for that person, has declared what was stated to be true, and we believe this notice to be true.",
  by: (who, statement) => {
    const basis = statement === null ? undefined : STATED[statement];
    if (who === "survivor") return "stated by or for the person depicted";
    return basis === undefined ? "declared by the sender" : `declared by the sender on the statement ${basis}`;
  },
  law: ({ law, article }) => {
    const name = law.en;
    return name.includes(article) ? name : `${name}, ${/^\d/.test(article) ? `article/section ${article}` : article}`;
  },
  period: englishPeriod,
  unlawfulMaterial: "We consider it unlawfully filmed or synthesised material within the article named below.",
  temporaryMeasure: ({ law, article }) =>
    `If you cannot decide at once, please first take a temporary measure under ${law.en}, article ${article}.`,
  standing: {
    "counselling-centre": "sexual-violence counselling centre",
    "rights-institute": "Women's Human Rights Institute of Korea",
    "named-body": "body named by the commission",
  },
  please: {
    platform: [COPIES],
    host: [COPIES],
    network: ["Please tell us who hosts the site and where that host takes abuse reports."],
    registrar: ["If you know who hosts the site, please tell us."],
    search: ["Please also drop cached copies and preview pictures."],
    regulator: ["Please tell us your reference and the unit in charge."],
  },
  always: [
    "Please do not pass this notice to who posted the images or to a public database of notices. Do not try to find or contact the person depicted.",
    "Please do not send the images to us. We never send them either.",
    "Please answer to the address below and leave the request number in the subject.",
  ],
};

/** The tables' own words carry notes for lawyers; a notice says from when in these. */
const FROM = { receipt: "receiving this request", sending: "the sending of this request", order: "the order" } as const;

function englishPeriod(period: LegalPeriod): string | null {
  if (period.kind === "none") return null;
  const from = FROM[period.start];
  if (period.length === "without-delay") return `without delay from ${from}`;
  return `within ${period.count} ${period.length.replace("-", " ")} of ${from}`;
}
