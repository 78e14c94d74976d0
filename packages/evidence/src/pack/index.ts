export {
  type AboutCapture,
  type CaptureCounts,
  type Captured,
  type CapturedFile,
  type CaptureFacts,
  capturedSchema,
  countCapture,
  filesOfCapture,
  sealCapture,
} from "./captured.ts";
export { caseGraph } from "./case-graph.ts";
export type { Trust } from "./check-seal.ts";
export { exhibitOf, exhibitPart, exhibitPath } from "./exhibit.ts";
export { CHECKS, type Check, type Finding, sayFinding, WHYS, type Why } from "./finding.ts";
export { isKeptBody, keptKeyPath, leftOutOf } from "./kept.ts";
export { type LeftOut, manifestSchema, type PackFile, type PackManifest } from "./manifest.ts";
export { marksPath, type PackedMarks, packMarks, readMarks, sayMarks } from "./marks.ts";
export {
  type OpenedPack,
  openPack,
  type PackedFile,
  PackTrouble,
  READ_TROUBLES,
  type ReadTrouble,
  wholeOf,
} from "./open.ts";
export { reportHtml } from "./report.ts";
export type { ReportAct, ReportExhibit, ReportFacts, ReportMarks } from "./report-facts.ts";
export type { Language as ReportLanguage } from "./report-html.ts";
export { sayTold, type Told } from "./told.ts";
export { type Verdict, verifyPack } from "./verify.ts";
export {
  type PackPart,
  type SealedManifest,
  sealFiles,
  sealManifest,
  signManifest,
  type Vouching,
  writePack,
} from "./write.ts";
