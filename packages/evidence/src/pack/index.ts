export { caseGraph } from "./case-graph.ts";
export { CHECKS, type Check, type Finding, sayFinding, WHYS, type Why } from "./finding.ts";
export { manifestSchema, type PackFile, type PackManifest } from "./manifest.ts";
export { READ_TROUBLES, type ReadTrouble } from "./read.ts";
export { type Trust, type Verdict, verifyPack } from "./verify.ts";
export { type PackPart, type SealedManifest, sealManifest, type Vouching, writePack } from "./write.ts";
