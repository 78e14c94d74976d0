import type { PackManifest } from "./manifest.ts";

/** One thing of the graph; JSON-LD. */
type Thing = {
  readonly "@id": string;
  readonly "@type": string | readonly string[];
  readonly [property: string]: unknown;
};

const UCO = "https://ontology.unifiedcyberontology.org/uco";
const CONTEXT = {
  kb: "urn:jikim:",
  investigation: "https://ontology.caseontology.org/case/investigation/",
  action: `${UCO}/action/`,
  core: `${UCO}/core/`,
  identity: `${UCO}/identity/`,
  observable: `${UCO}/observable/`,
  tool: `${UCO}/tool/`,
  types: `${UCO}/types/`,
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

/**
 * What a pack holds as CASE/UCO 1.4 JSON-LD (caseontology.org): the capture as an investigative action by the centre with its tool, each file
 * and each thing not stored as an observable with its digests, and a provenance record under the exhibit's number.
 */
export function caseGraph(manifest: PackManifest): {
  readonly "@context": object;
  readonly "@graph": readonly Thing[];
} {
  const id = (kind: string, at: number | string = 0) => `kb:${kind}-${at}-${manifest.packId}`;
  const files = manifest.files.flatMap((file, at) => observed(id, `file-${at}`, { ...file, name: file.path }));
  const discarded = manifest.notStored.flatMap((file, at) =>
    observed(id, `discarded-${at}`, { ...file, name: file.address, note: `not stored: ${file.why}` }),
  );
  const apart = (manifest.leftOut ?? []).flatMap((file, at) =>
    observed(id, `left-out-${at}`, {
      ...{ name: `exhibit ${file.exhibit}: ${file.path}`, type: "application/age", bytes: file.bytes },
      ...{ sha256: file.sha256, note: "kept sealed at the centre, not in this pack" },
    }),
  );
  const observables = [...files, ...discarded, ...apart].filter(
    (thing) => thing["@type"] === "observable:ObservableObject",
  );
  const results = observables.map((thing) => ({ "@id": thing["@id"] }));
  return { "@context": CONTEXT, "@graph": [...actionOf(manifest, id, results), ...files, ...discarded, ...apart] };
}

type Id = (kind: string, at?: number | string) => string;
type Reference = { readonly "@id": string };

function actionOf(manifest: PackManifest, id: Id, results: readonly Reference[]): Thing[] {
  const { authority, legalBasis, minor, mode } = manifest;
  const basis = authority === null ? legalBasis : `${legalBasis}; ${authority.kind} ${authority.number}`;
  const described = `mode: ${mode}; person depicted counts as a minor: ${minor ? "yes" : "no"}; legal basis: ${basis}`;
  return [
    {
      "@id": id("capture"),
      "@type": "investigation:InvestigativeAction",
      "core:name": "capture",
      "core:description": described,
      "action:startTime": typed(manifest.startedAt, "dateTime"),
      "action:endTime": typed(manifest.endedAt, "dateTime"),
      "action:performer": { "@id": id("centre") },
      "action:instrument": { "@id": id("tool") },
      "action:result": [...results, { "@id": id("record") }],
    },
    { "@id": id("centre"), "@type": "identity:Organization", "core:name": manifest.centre.en },
    {
      "@id": id("tool"),
      "@type": "tool:Tool",
      "core:name": manifest.tool.name,
      "tool:version": manifest.tool.version,
    },
    {
      "@id": id("record"),
      "@type": "investigation:ProvenanceRecord",
      "core:description": "what the capture left",
      "core:object": results,
      "investigation:exhibitNumber": manifest.exhibit,
    },
  ];
}

type Observed = {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly sha512?: string;
  readonly note?: string;
};

/** An observable with a facet of its content; what was not stored has the same digests and says so. */
function observed(id: Id, at: string, { name, type, bytes, sha256, sha512, note }: Observed): Thing[] {
  const hashes = [
    { "@id": id("sha256", at), method: "SHA256", value: sha256 },
    ...(sha512 === undefined ? [] : [{ "@id": id("sha512", at), method: "SHA512", value: sha512 }]),
  ];
  return [
    {
      "@id": id("observable", at),
      "@type": "observable:ObservableObject",
      "core:name": name,
      ...(note === undefined ? {} : { "core:description": note }),
      "core:hasFacet": [{ "@id": id("content", at) }],
    },
    {
      "@id": id("content", at),
      "@type": "observable:ContentDataFacet",
      "observable:mimeType": type,
      "observable:sizeInBytes": typed(String(bytes), "integer"),
      "observable:hash": hashes.map((hash) => ({ "@id": hash["@id"] })),
    },
    ...hashes.map((hash) => ({
      "@id": hash["@id"],
      "@type": "types:Hash",
      "types:hashMethod": typed(hash.method, "string"),
      "types:hashValue": typed(hash.value, "hexBinary"),
    })),
  ];
}

function typed(value: string, type: string): object {
  return { "@type": `xsd:${type}`, "@value": value };
}
