import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import jsonld from "jsonld";
import { Parser, Store } from "n3";
import Validator from "rdf-validate-shacl";
import { describe, expect, test } from "vitest";
import { caseGraph } from "../src/pack/index.ts";
import { partOf, sealedNow } from "./packing.ts";

// The ontology with its shapes is not ours to pass on: JIKIM_CASE_SHAPES names a copy of case-1.4.0.ttl.
const shapes = [
  process.env.JIKIM_CASE_SHAPES ?? "",
  join(import.meta.dirname, "../../../../shared/vectors/case/case-1.4.0.ttl"),
].find((path) => path !== "" && existsSync(path));

const SPARQL = "http://www.w3.org/ns/shacl#sparql";
const IMPORTS = "http://www.w3.org/2002/07/owl#imports";

async function graphOf(document: object): Promise<Store> {
  const quads = await jsonld.toRDF(document as jsonld.JsonLdDocument, { format: "application/n-quads" });
  return new Store(new Parser({ format: "application/n-quads" }).parse(String(quads)));
}

async function troublesOf(document: object): Promise<string[]> {
  const ontology = new Parser().parse(readFileSync(shapes ?? "", "utf8"));
  const kept = new Store(ontology.filter(({ predicate }) => predicate.value !== SPARQL && predicate.value !== IMPORTS));
  const data = await graphOf(document);
  data.addQuads([...kept].filter(({ predicate }) => predicate.value.endsWith("#subClassOf")));
  const report = await new Validator(kept).validate(data);
  return report.results
    .filter(({ severity }) => severity?.value.endsWith("#Violation"))
    .map(({ path }) => path?.value ?? "");
}

const notStored = [
  { address: "https://board.invalid/1.png", type: "image/png", bytes: 5, sha256: "a".repeat(64), why: "media" },
];

/** Everything that a manifest can say. */
const whole = async () => {
  const parts = [partOf("data/page.txt", "words"), { ...partOf("data/kept/1.age", "x"), type: "application/age" }];
  const { manifest } = await sealedNow(parts, {
    ...{
      notStored,
      mode: "keep-matching",
      minor: false,
      previous: PREVIOUS,
      consent: "c".repeat(64),
      clockOffMs: -140,
    },
    ...{ tool: { name: "jikim-capture", version: "0.1.0", settings: "d".repeat(64) }, tookMs: 4812 },
    authority: {
      ...{ kind: "court-permit", number: "지어낸 2026-7", scope: "one room", from: AT, until: AT },
      approvedBy: "Invented court",
    },
    gaps: [{ address: "https://board.invalid/2.png", why: "HTTP_404" }],
    leftOut: [{ exhibit: 1, path: "data/kept/2.age", bytes: 4, sha256: "e".repeat(64) }],
    keptUnder: "지어낸 영장 7",
  });
  const addresses = {
    ...{ requested: "https://board.invalid/a", final: "https://board.invalid/b" },
    redirects: ["https://board.invalid/a"],
  };
  const custody = ["captured", "sealed", "opened"].map((did) => ({ did, by: "caseworker p-7", at: AT }));
  return { manifest, graph: caseGraph(manifest, { addresses, custody }) };
};
const PREVIOUS = "00000000-6a59-4a5d-9b2b-1d2f3a4b5c6d";
const AT = "2026-11-22T01:00:05Z";

describe("the graph of a pack", () => {
  test("names every file and everything not stored, with digests, under the exhibit", async () => {
    const { manifest } = await sealedNow(undefined, { notStored });
    const things = caseGraph(manifest)["@graph"];
    const of = (type: string) => things.filter((thing) => thing["@type"] === type);
    expect(of("observable:ObservableObject")).toHaveLength(manifest.files.length + 1);
    expect(of("types:Hash")).toHaveLength(manifest.files.length * 2 + 1);
    expect(of("investigation:ProvenanceRecord")[0]?.["investigation:exhibitNumber"]).toBe("A-1");
    expect(new Set(things.map((thing) => thing["@id"])).size).toBe(things.length);
    expect((await graphOf(caseGraph(manifest))).size).toBeGreaterThan(40);
  });

  test("says all that the manifest says: authority, consent, the pack before, clock, settings, kept bodies, gaps, acts", async () => {
    const { manifest, graph } = await whole();
    const text = JSON.stringify(graph);
    const { authority, consent, keptUnder, tool } = manifest;
    for (const said of [
      authority?.number,
      authority?.scope,
      authority?.approvedBy,
      authority?.until,
      consent,
      keptUnder,
    ])
      expect(text).toContain(said ?? "absent");
    for (const said of ["-140 ms before", "took 4812 ms", tool.settings ?? "absent", manifest.case, manifest.sealedAt])
      expect(text).toContain(said);
    expect(text).toContain("a body that matched, kept under a seal of its own");
    expect(text).toContain("kept sealed at the centre, not in this pack");
    const find = (type: string) => graph["@graph"].filter((thing) => thing["@type"] === type);
    expect(find("core:Relationship")).toMatchObject([
      { "core:kindOfRelationship": "follows", "core:target": { "@id": `kb:record-0-${PREVIOUS}` } },
    ]);
    expect(find("observable:URL").map((url) => url["core:description"])).toEqual(["requested", "sent on", "final"]);
    expect(find("core:UcoObject")).toMatchObject([{ "core:description": "gap: HTTP_404" }]);
    expect(find("investigation:InvestigativeAction").map((act) => act["core:name"])).toEqual([
      "capture",
      "seal",
      "captured",
      "captured",
      "sealed",
      "opened",
    ]);
    expect(new Set(graph["@graph"].map((thing) => thing["@id"])).size).toBe(graph["@graph"].length);
  });

  test(shapes
    ? "conforms to the shapes of CASE/UCO 1.4, and a malformed one does not"
    : "skipped: no shapes", async () => {
    if (shapes === undefined) return;
    const { manifest, graph } = await whole();
    expect(await troublesOf(graph)).toEqual([]);
    const bad = {
      ...manifest,
      startedAt: "yesterday",
      files: manifest.files.map((file) => ({ ...file, sha256: "no hex" })),
    };
    const troubles = await troublesOf(caseGraph(bad));
    expect(troubles.some((path) => path.endsWith("/startTime"))).toBe(true);
    expect(troubles.some((path) => path.endsWith("/hashValue"))).toBe(true);
  }, 60_000);
});
