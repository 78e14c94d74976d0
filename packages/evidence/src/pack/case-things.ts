/** One thing of a CASE graph; JSON-LD. */
export type Thing = {
  readonly "@id": string;
  readonly "@type": string | readonly string[];
  readonly [property: string]: unknown;
};

/** A name for a thing of this pack, of its kind and its place among them. */
export type Id = (kind: string, at?: number | string) => string;

export function typed(value: string, type: string): object {
  return { "@type": `xsd:${type}`, "@value": value };
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
export function observed(id: Id, at: string, { name, type, bytes, sha256, sha512, note }: Observed): Thing[] {
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

/** An address that was asked for or came up on the way. */
export function addressed(id: Id, at: string, { address, note }: { address: string; note: string }): Thing[] {
  return [
    {
      "@id": id("url", at),
      "@type": "observable:URL",
      "core:description": note,
      "core:hasFacet": [{ "@id": id("url-facet", at) }],
    },
    { "@id": id("url-facet", at), "@type": "observable:URLFacet", "observable:fullValue": address },
  ];
}

/** Something that somebody did. */
export type Act = { readonly did: string; readonly by: string; readonly at: string };

/** Acts on the evidence, each by a role or a pseudonym. Who did several is one. */
export function acted(id: Id, kind: string, acts: readonly Act[]): Thing[] {
  const people = [...new Set(acts.map(({ by }) => by))];
  return [
    ...people.map((by, at) => ({ "@id": id(`${kind}-by`, at), "@type": "identity:Identity", "core:name": by })),
    ...acts.map(({ did, by, at: when }, at) => ({
      "@id": id(kind, at),
      "@type": "investigation:InvestigativeAction",
      "core:name": did,
      "action:startTime": typed(when, "dateTime"),
      "action:endTime": typed(when, "dateTime"),
      "action:performer": { "@id": id(`${kind}-by`, people.indexOf(by)) },
      "action:object": [{ "@id": id("record") }],
    })),
  ];
}
