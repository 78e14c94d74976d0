import { type ProvenanceReport, readReport } from "@jikim/evidence/provenance/report";

/**
 * What a file on her device says of where it comes from, as it was read there. The file stays with her: its SHA-256 tells later that it is
 * the same one. `shortName` is that of its first fingerprint, as items have it; null where it has none.
 */
export type ProvenanceContent = {
  readonly sha256: string;
  readonly bytes: number;
  readonly shortName: string | null;
  /** ISO 8601, by her device's clock. */
  readonly readAt: string;
  readonly report: ProvenanceReport;
};

/** What a sealed document of this kind holds; null when it is something else. */
export function readProvenanceContent(value: unknown): ProvenanceContent | null {
  if (typeof value !== "object" || value === null) return null;
  const { sha256, bytes, shortName, readAt, report } = value as Record<string, unknown>;
  const read = readReport(report);
  if (read === null || typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) return null;
  if (typeof bytes !== "number" || typeof readAt !== "string" || Number.isNaN(Date.parse(readAt))) return null;
  if (shortName !== null && typeof shortName !== "string") return null;
  return { sha256, bytes, shortName, readAt, report: read };
}
