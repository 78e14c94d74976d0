/** Marks that a program or a service leaves in what it makes. */
export const AI_MARKS = [
  "a1111-parameters",
  "comfyui",
  "novelai",
  "novelai-stealth",
  "invokeai",
  "fooocus",
  "midjourney",
  "digital-source-type",
  "credit",
  "aigc-label",
  "ai-software",
  "watermark-sd1",
  "watermark-sd2",
  "watermark-sdxl",
  "watermark-flux",
] as const;
export type AiMark = (typeof AI_MARKS)[number];

/** One mark found. */
export type Mark = {
  readonly what: AiMark;
  /** The field or the place in the picture, such as `png:parameters` or `pixels`. Never its text. */
  readonly where: string;
  /** strong: the tool's own field, or a standard's declaration · weak: words that anyone may have typed. */
  readonly strength: "strong" | "weak";
  /** The text of the field, at most 10,000 characters, only when asked for: prompts may hold her name. */
  readonly text?: string;
};

/** What Content Credentials (C2PA) say, as they say it. */
export type ContentCredentials = {
  /** trusted: signed under a given trust list · valid: intact, signer unknown · invalid: altered or badly signed. */
  readonly state: "trusted" | "valid" | "invalid";
  /** The programs that say they made it, and who issued the signing certificate. */
  readonly generators: readonly string[];
  readonly issuer: string | null;
  /** As the credentials state it, ISO 8601. */
  readonly signedAt: string | null;
  /** IPTC digital source types named in the actions, without their address. */
  readonly sourceTypes: readonly string[];
  /** Codes of the C2PA specification for what does not hold. */
  readonly problems: readonly string[];
};

/** What a camera wrote. Anyone can write it afterwards. */
export type CameraNote = {
  readonly make: string | null;
  readonly model: string | null;
  /** As written: local time of the camera, without a zone. */
  readonly takenAt: string | null;
  /** Whether a place is written in it; the place itself is never read out. */
  readonly gps: boolean;
};

/** Something this report could not look at, and why. */
export type NotChecked = {
  readonly what: "metadata" | "compressed-text" | "content-credentials" | "invisible-watermark";
  readonly why:
    | "FORMAT"
    | "DAMAGED"
    | "TOO_LARGE"
    | "NO_READER"
    | "READER_BROKE"
    | "REMOTE"
    | "NO_PIXELS"
    | "TOO_SMALL";
};

/** What a file tells of where it comes from. No mark proves nothing. */
export type ProvenanceReport = {
  readonly marks: readonly Mark[];
  /** Null when there are none, or when they were not checked: see `notChecked`. */
  readonly contentCredentials: ContentCredentials | null;
  readonly camera: CameraNote | null;
  readonly notChecked: readonly NotChecked[];
};
