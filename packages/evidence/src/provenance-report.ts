/** Reading and saying a provenance report, without what makes one. */
export { readReport } from "./provenance/read-report.ts";
export type { ProvenanceReport } from "./provenance/report.ts";
export { type Language, sayProvenance } from "./provenance/words.ts";
