import type { PackManifest } from "./manifest.ts";

/** An exhibit of a delivery pack, as the server knows it. */
export type ReportExhibit = {
  /** Its folder below `data/exhibits/`. */
  readonly number: number;
  readonly exhibit: string;
  readonly kind: "capture" | "chat" | "other";
  readonly packId: string;
  readonly sealedAt: string;
  /** SHA-256 of its own manifest, hex. */
  readonly manifestSha256: string;
  /** The page or room, or the name of the chat; null when it is not to be said. */
  readonly about: string | null;
  /** When an authority stamped it; null while it was not. */
  readonly stampedAt: string | null;
  /** Where it stands in the log; null while it does not. */
  readonly logged: { readonly origin: string; readonly index: number } | null;
  /** For a chat: how many messages are shown and how many were left out. */
  readonly messages: { readonly shown: number; readonly leftOut: number } | null;
};

/** Marks that were read of a file on her device, `data/marks/N.json` and `.txt`: the server knows that they are there, not what they say. */
export type ReportMarks = { readonly number: number; readonly item: number | null; readonly sentAt: string };

/** One act on the evidence. Roles and pseudonyms, never names. */
export type ReportAct = { readonly did: string; readonly role: string; readonly who: string; readonly at: string };

/**
 * What the report tells: the facts of the manifest, which is signed after the report was made, and what is known beside them. `files` are
 * those of the pack without the report itself.
 */
export type ReportFacts = {
  readonly manifest: Omit<PackManifest, "version" | "files">;
  readonly files: PackManifest["files"];
  readonly exhibits: readonly ReportExhibit[];
  readonly marks: readonly ReportMarks[];
  readonly custody: readonly ReportAct[];
  /** Acts whose entries in the centre's log can no longer be read. */
  readonly unreadable: number;
  /** A centre, with a root and a log; or somebody outside, with a key of the moment and nobody who vouches. */
  readonly madeBy: "centre" | "somebody";
  /** Of a capture: what was asked for and where it led. Absent for a pack that is none; its exhibits say it then. */
  readonly page?: { readonly requested: string; readonly final: string };
  /** The unit it is for; null when it is for nobody yet. */
  readonly recipientUnit: string | null;
  /** `true` when a timestamp authority is configured; without one the stamp comes later or never, and the report says so. */
  readonly stamps: "configured" | "none";
  /** Origin of the centre's log, as in its checkpoints. */
  readonly logOrigin: string;
  /** Public half of the centre's offline root, hex. */
  readonly root: string;
};
