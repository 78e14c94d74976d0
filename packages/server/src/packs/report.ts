import { createHash } from "node:crypto";
import { caseGraph, type PackManifest, type ReportFacts, reportHtml } from "@jikim/evidence/pack";
import type { PackOrder } from "../contract/packs.ts";
import type { Jikim } from "../jikim.ts";
import type { Printer } from "../letters/printer.ts";
import { originOf } from "../log/sequence.ts";
import { findCustody, findCustodyBodies } from "../store/custody.ts";
import { findTree } from "../store/log.ts";
import type { Allowed } from "./check.ts";

/** A file that the server adds to a pack. */
export type Added = { readonly path: string; readonly type: string; readonly content: Buffer };

/** What the reports tell beside the manifest. */
export async function findReportFacts(
  { db, vault }: Pick<Jikim, "db" | "vault">,
  { caseId, order, allowed }: { readonly caseId: string; readonly order: PackOrder; readonly allowed: Allowed },
  centre: { readonly root: string; readonly origin: string; readonly stamps: ReportFacts["stamps"] },
): Promise<Omit<ReportFacts, "manifest" | "files">> {
  const ids = order.exhibits.map(({ packId }) => packId);
  const { custody, damaged } = await findCustody(db, vault, caseId, ids);
  const { root, origin, stamps } = centre;
  return {
    ...{ madeBy: "centre", root, stamps, recipientUnit: order.unit.name, marks: allowed.marks },
    logOrigin: (await findTree(db))?.origin ?? originOf(origin),
    custody: custody.reverse().map(({ did, role, who, at }) => ({ did, role, who, at })),
    unreadable: damaged.length,
    exhibits: order.exhibits.map(({ packId, kind, exhibit, about, digest, messages }, at) => ({
      ...{ number: at + 1, packId, kind, exhibit, about, messages, manifestSha256: digest },
      sealedAt: allowed.exhibits[at]?.sealedAt.toString() ?? "",
      stampedAt: allowed.exhibits[at]?.stampedAt?.toString() ?? null,
      logged: allowed.exhibits[at]?.logged ?? null,
    })),
  };
}

/** The report in two languages, as PDF, or as a page where this machine has no Chromium; and the CASE graph of all of it. */
export async function makeReports(
  printer: Printer,
  facts: Omit<ReportFacts, "files">,
  files: PackManifest["files"],
): Promise<Added[]> {
  const added: Added[] = [];
  for (const language of ["ko", "en"] as const) {
    const html = reportHtml({ ...facts, files }, language);
    const pdf = await printer.print(html);
    const [end, type] = pdf === null ? ["html", "text/html"] : ["pdf", "application/pdf"];
    added.push({ path: `data/report/report-${language}.${end}`, type, content: Buffer.from(pdf ?? html) });
  }
  const custody = facts.custody.map(({ did, role, who, at }) => ({ did, at, by: `${role} ${who}`.trim() }));
  const graph = caseGraph({ version: 1, ...facts.manifest, files: [...files, ...added.map(digested)] }, { custody });
  const content = Buffer.from(JSON.stringify(graph));
  return [...added, { path: "data/case.jsonld", type: "application/ld+json", content }];
}

/**
 * What was done with the exhibits up to the order, as the log has it: bodies of its entries, oldest first, one a line. It is signed with the
 * pack, so that nobody takes a line out of it. None for a pack without exhibits.
 */
export async function findCustodyFile(
  { db, vault }: Pick<Jikim, "db" | "vault">,
  { exhibits }: PackOrder,
): Promise<Added[]> {
  const bodies = await findCustodyBodies(
    db,
    vault,
    exhibits.map(({ packId }) => packId),
  );
  if (bodies.length === 0) return [];
  const content = Buffer.from(bodies.map((body) => `${body}\n`).join(""));
  return [{ path: "data/custody.jsonl", type: "application/jsonl", content }];
}

export function digested({ path, type, content }: Added): PackManifest["files"][number] {
  const digest = (name: "sha256" | "sha512") => createHash(name).update(content).digest("hex");
  return { path, type, bytes: content.length, sha256: digest("sha256"), sha512: digest("sha512") };
}
