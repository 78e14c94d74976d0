import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import jsonld from "jsonld";
import { Parser, Store } from "n3";
import Validator from "rdf-validate-shacl";
import { describe, expect, test } from "vitest";
import { caseGraph } from "../src/pack/index.ts";
import { sealedNow } from "./packing.ts";

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

  test(shapes
    ? "conforms to the shapes of CASE/UCO 1.4, and a malformed one does not"
    : "skipped: no shapes", async () => {
    if (shapes === undefined) return;
    const { manifest } = await sealedNow(undefined, { notStored });
    expect(await troublesOf(caseGraph(manifest))).toEqual([]);
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
