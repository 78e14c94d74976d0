import type { AwsRequest } from "../aws.ts";
import type { CloudflareReport } from "../cloudflare.ts";
import type { ChosenGround, RecordedStatement, SenderKind, Statement } from "../ground.ts";
import type { Bilingual, Mark, NoticeField } from "../laws/law.ts";
import type { Readings } from "../laws/reading.ts";
import type { PlaceAddress } from "../place.ts";
import type { RecipientCard } from "../recipient.ts";
import type { XarfReport } from "../xarf.ts";

/** Who sends: the centre, in its own name. */
export type CentreProfile = {
  readonly name: Bilingual;
  readonly kind: SenderKind;
  /** Empty text: none. */
  readonly contact: { readonly mail: string; readonly phone: string };
  /** Who signs for the centre, as a recipient may read it; null: nobody was named. */
  readonly signer: string | null;
};

/** What a notice is written from. */
export type WritingFacts = {
  /** UUID. */
  readonly noticeId: string;
  readonly centre: CentreProfile;
  readonly card: RecipientCard;
  /** One batch of `splitPlaces`. */
  readonly places: readonly PlaceAddress[];
  /** A child, or of unknown age. */
  readonly minor: boolean;
  readonly statements: readonly RecordedStatement[];
  readonly chosen: ChosenGround;
  /** Decides what may be asserted; the centre's day. */
  readonly day: Temporal.PlainDate;
  /** What the centre looked up again. */
  readonly readings: Readings;
  readonly writtenAt: Temporal.Instant;
  /** Hers; left out of the notice without a `name-may-be-given` of hers. */
  readonly name: string | null;
};

/** One declaration: who makes it, on what statement of hers, in the words of the notice. */
export type Declaration = {
  readonly what: NoticeField;
  readonly by: "centre" | "survivor";
  /** null: it stands on the signed mandate or on the centre's own knowledge. */
  readonly statement: Statement | null;
  readonly text: string;
};

/** The row of law a notice was written for; `asserted` false: its fields are held and it is not named. */
export type WrittenGround = {
  readonly id: string;
  readonly law: Bilingual;
  readonly article: string;
  readonly source: string;
  /** ISO day. */
  readonly asOf: string;
  readonly mark: Mark;
  readonly asserted: boolean;
};

/** What stands ready for a web form: its address and what goes where. */
export type Sheet = {
  readonly url: string;
  readonly rows: readonly { readonly label: Bilingual; readonly value: string }[];
};

/** A notice as it leaves, in every form its recipient takes. Plain JSON. */
export type WrittenNotice = {
  readonly subject: string;
  readonly language: "ko" | "en";
  readonly text: string;
  /** A whole document, for mail and for the PDF letter. Loads nothing. */
  readonly html: string;
  readonly ground: WrittenGround | null;
  readonly declarations: readonly Declaration[];
  /** What a valid notice still lacks; it may not be approved until this is empty. */
  readonly missing: readonly NoticeField[];
  /** XARF names one address in each report, so there is one for each place; empty where the recipient takes none. */
  readonly xarf: readonly XarfReport[];
  readonly cloudflare: CloudflareReport | null;
  /** One for each place, as with XARF; empty where the recipient is not AWS. */
  readonly aws: readonly AwsRequest[];
  readonly sheet: Sheet | null;
};
