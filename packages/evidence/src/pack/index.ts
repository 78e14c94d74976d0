export { caseGraph } from "./case-graph.ts";
export { exhibitOf, exhibitPart, exhibitPath } from "./exhibit.ts";
export { CHECKS, type Check, type Finding, sayFinding, WHYS, type Why } from "./finding.ts";
export { manifestSchema, type PackFile, type PackManifest } from "./manifest.ts";
export {
  type OpenedPack,
  openPack,
  type PackedFile,
  PackTrouble,
  READ_TROUBLES,
  type ReadTrouble,
  wholeOf,
} from "./open.ts";
export { type ReportAct, type ReportExhibit, type ReportFacts, reportHtml } from "./report.ts";
export type { Language as ReportLanguage } from "./report-html.ts";
export { type Trust, type Verdict, verifyPack } from "./verify.ts";
export { type PackPart, type SealedManifest, sealFiles, sealManifest, type Vouching, writePack } from "./write.ts";
