import { nthId, type XarfReport } from "./xarf.ts";

/**
 * Body of CreateAbuseReport (AWS Abuse Signal API reference, 2026-11-18). The token makes a second sending within 24 hours return the
 * first report; both texts are the notice's id, the id of its n-th place counted on.
 */
export type AwsRequest = {
  readonly report: { readonly xarf: XarfReport };
  /** [a-zA-Z0-9-_]{1,256} */
  readonly correlationId: string;
  /** [\x21-\x7E]{1,128} */
  readonly clientToken: string;
};

/** One request for each report. */
export function writeAws(noticeId: string, reports: readonly XarfReport[]): readonly AwsRequest[] {
  return reports.map((xarf, at) => ({
    report: { xarf },
    correlationId: noticeId,
    clientToken: nthId(noticeId, at),
  }));
}

/** The same request marked so that AWS checks it and does nothing (ReportData, "Testing your integration"). */
export function asTrial(request: AwsRequest): AwsRequest {
  const { xarf } = request.report;
  return { ...request, report: { xarf: { ...xarf, tags: [...xarf.tags, "lifecycle:test"] } } };
}
