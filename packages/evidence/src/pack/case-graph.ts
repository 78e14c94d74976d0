import { type Act, acted, addressed, type Id, observed, type Thing, typed } from "./case-things.ts";
import { exhibitOf } from "./exhibit.ts";
import { isKeptBody } from "./kept.ts";
import type { PackFile, PackManifest } from "./manifest.ts";

const UCO = "https://ontology.unifiedcyberontology.org/uco";
const CONTEXT = {
  kb: "urn:jikim:",
  investigation: "https://ontology.caseontology.org/case/investigation/",
  action: `${UCO}/action/`,
  configuration: `${UCO}/configuration/`,
  core: `${UCO}/core/`,
  identity: `${UCO}/identity/`,
  observable: `${UCO}/observable/`,
  tool: `${UCO}/tool/`,
  types: `${UCO}/types/`,
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

/** What a graph tells beside the manifest, as far as it is known. */
export type CaseBeside = {
  /** The page of a capture, and what sent it on, in order. */
  readonly addresses?: { readonly requested: string; readonly final: string; readonly redirects: readonly string[] };
  /** What was done with it so far, oldest first. */
  readonly custody?: readonly Act[];
};

/**
 * What a pack holds as CASE/UCO 1.4 JSON-LD (caseontology.org): the capture as an investigative action by the centre with its tool, its
 * settings and the authority for it; each file, each thing not stored and each gap; who did what; and a provenance record under the exhibit's
 * number, with the pack that it follows.
 */
export function caseGraph(
  manifest: PackManifest,
  beside: CaseBeside = {},
): { readonly "@context": object; readonly "@graph": readonly Thing[] } {
  const id: Id = (kind, at = 0) => `kb:${kind}-${at}-${manifest.packId}`;
  const things = thingsOf(manifest, id);
  const urls = urlsOf(beside, id);
  const gaps = manifest.gaps.map(({ address, why }, at) => ({
    ...{ "@id": id("gap", at), "@type": "core:UcoObject", "core:name": address, "core:description": `gap: ${why}` },
  }));
  const of = (type: string, all: readonly Thing[]) =>
    all.filter((thing) => thing["@type"] === type).map((thing) => ({ "@id": thing["@id"] }));
  const seen: Seen = {
    results: of("observable:ObservableObject", things),
    urls: of("observable:URL", urls),
    gaps: gaps.map((gap) => ({ "@id": gap["@id"] })),
  };
  const acts = manifest.actors.map(({ role, did, at }) => ({ by: role, did, at }));
  return {
    "@context": CONTEXT,
    "@graph": [
      ...caseOf(manifest, id),
      ...captureOf(manifest, id, seen),
      ...toolOf(manifest, id),
      ...recordOf(manifest, id, seen),
      ...acted(id, "act", acts),
      ...acted(id, "custody", beside.custody ?? []),
      ...urls,
      ...things,
      ...gaps,
    ],
  };
}

type Reference = { readonly "@id": string };
type Seen = { readonly results: readonly Reference[]; readonly urls: readonly Reference[]; readonly gaps: Reference[] };

/** Files, what was not stored, and what stays sealed at the centre. */
function thingsOf(manifest: PackManifest, id: Id): Thing[] {
  const files = manifest.files.flatMap((file, at) => {
    const kept = isKept(manifest, file) ? { note: "a body that matched, kept under a seal of its own" } : {};
    return observed(id, `file-${at}`, { ...file, name: file.path, ...kept });
  });
  const discarded = manifest.notStored.flatMap((file, at) =>
    observed(id, `discarded-${at}`, { ...file, name: file.address, note: `not stored: ${file.why}` }),
  );
  const apart = (manifest.leftOut ?? []).flatMap((file, at) =>
    observed(id, `left-out-${at}`, {
      ...{ name: `exhibit ${file.exhibit}: ${file.path}`, type: "application/age", bytes: file.bytes },
      ...{ sha256: file.sha256, note: "kept sealed at the centre, not in this pack" },
    }),
  );
  return [...files, ...discarded, ...apart];
}

/** Of this very pack, or of an exhibit in it. */
function isKept(manifest: PackManifest, { path, type }: PackFile): boolean {
  return isKeptBody(manifest, { path: exhibitOf(path)?.path ?? path, type });
}

function urlsOf({ addresses }: CaseBeside, id: Id): Thing[] {
  if (addresses === undefined) return [];
  const { requested, final, redirects } = addresses;
  const way = redirects.map((address) => ({ address, note: "sent on" }));
  const all = [{ address: requested, note: "requested" }, ...way, { address: final, note: "final" }];
  return all.flatMap((each, at) => addressed(id, String(at), each));
}

function caseOf({ case: name, authority }: PackManifest, id: Id): Thing[] {
  const permit = authority === null ? {} : { "investigation:relevantAuthorization": [{ "@id": id("authorization") }] };
  const investigation = {
    ...{ "@id": id("investigation"), "@type": "investigation:Investigation", "core:name": name },
    ...{ "core:object": [{ "@id": id("capture") }, { "@id": id("record") }], ...permit },
  };
  if (authority === null) return [investigation];
  const { kind, number, scope, from, until, approvedBy } = authority;
  return [
    investigation,
    {
      ...{ "@id": id("authorization"), "@type": "investigation:Authorization" },
      "core:description": `scope: ${scope}; approved by: ${approvedBy}`,
      "investigation:authorizationType": kind,
      "investigation:authorizationIdentifier": number,
      "core:startTime": typed(from, "dateTime"),
      ...(until === null ? {} : { "core:endTime": typed(until, "dateTime") }),
    },
  ];
}

/** What no property of the ontology stands for, in words. */
function describe({ legalBasis, minor, mode, consent, keptUnder, zone, clockOffMs, tookMs }: PackManifest): string {
  const said: readonly (string | null)[] = [
    `mode: ${mode}`,
    `person depicted counts as a minor: ${minor ? "yes" : "no"}`,
    `legal basis: ${legalBasis}`,
    consent === null ? null : `SHA-256 of the centre's record of what she agreed to: ${consent}`,
    keptUnder === undefined ? null : `bodies that were kept go along under: ${keptUnder}`,
    `time zone of the machine: ${zone}`,
    clockOffMs === null ? "clock: not compared" : `clock: ${clockOffMs} ms before the timestamp authority's`,
    tookMs === undefined ? null : `took ${tookMs} ms by a clock that nobody sets`,
  ];
  return said.filter((each) => each !== null).join("; ");
}

function captureOf(manifest: PackManifest, id: Id, { results, urls, gaps }: Seen): Thing[] {
  return [
    {
      "@id": id("capture"),
      "@type": "investigation:InvestigativeAction",
      "core:name": "capture",
      "core:description": describe(manifest),
      "action:startTime": typed(manifest.startedAt, "dateTime"),
      "action:endTime": typed(manifest.endedAt, "dateTime"),
      "action:performer": { "@id": id("centre") },
      "action:instrument": { "@id": id("tool") },
      ...(urls.length === 0 ? {} : { "action:object": urls }),
      ...(gaps.length === 0 ? {} : { "action:error": gaps }),
      "action:result": [...results, { "@id": id("record") }],
    },
    {
      "@id": id("seal"),
      "@type": "investigation:InvestigativeAction",
      "core:name": "seal",
      "action:startTime": typed(manifest.sealedAt, "dateTime"),
      "action:endTime": typed(manifest.sealedAt, "dateTime"),
      "action:performer": { "@id": id("centre") },
      "action:object": [{ "@id": id("record") }],
      "investigation:wasInformedBy": [{ "@id": id("capture") }],
    },
    { "@id": id("centre"), "@type": "identity:Organization", "core:name": manifest.centre.en },
  ];
}

function toolOf({ tool: { name, version, settings } }: PackManifest, id: Id): Thing[] {
  const tool = { "@id": id("tool"), "core:name": name, "tool:version": version };
  if (settings === null) return [{ ...tool, "@type": "tool:Tool" }];
  return [
    { ...tool, "@type": "tool:ConfiguredTool", "configuration:usesConfiguration": { "@id": id("settings") } },
    {
      "@id": id("settings"),
      "@type": "configuration:Configuration",
      "configuration:configurationEntry": [{ "@id": id("settings-entry") }],
    },
    {
      "@id": id("settings-entry"),
      "@type": "configuration:ConfigurationEntry",
      "configuration:itemName": "SHA-256 of the settings, which are tool in data/record.json",
      "configuration:itemValue": settings,
    },
  ];
}

function recordOf({ exhibit, previous }: PackManifest, id: Id, { results }: Seen): Thing[] {
  const record = {
    "@id": id("record"),
    "@type": "investigation:ProvenanceRecord",
    "core:description": "what the capture left",
    "core:object": results,
    "investigation:exhibitNumber": exhibit,
  };
  if (previous === null) return [record];
  const before = `kb:record-0-${previous}`;
  return [
    record,
    {
      ...{ "@id": before, "@type": "investigation:ProvenanceRecord" },
      "core:description": "the pack before, told of in its own graph",
    },
    {
      ...{ "@id": id("follows"), "@type": "core:Relationship", "core:kindOfRelationship": "follows" },
      ...{ "core:source": [{ "@id": id("record") }], "core:target": { "@id": before } },
      "core:isDirectional": typed("true", "boolean"),
    },
  ];
}
