import type { AwsRequest } from "@jikim/casework";
import { AwsV4Signer } from "aws4fetch";
import { z } from "zod";
import { ask, type Errand, type Said } from "./ask.ts";
import { type Reported, withoutReference } from "./outcome.ts";

/** The centre's identity at AWS, allowed abuse:CreateAbuseReport and abuse:ListAbuseReportStatuses (AWS Abuse Signal API, 2026-11-18). */
export type AwsAccess = {
  /** Without a slash at the end. */
  readonly base: string;
  /** us-east-1, us-west-2 or eu-west-2; AWS keeps what is filed in all three. */
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

export function awsBase(region: string): string {
  return `https://abuse.${region}.amazonaws.com`;
}

const reportId = z.string().regex(/^[a-zA-Z0-9]{20,64}$/);
const taken = z.object({ reportId });
const statuses = z.object({ reports: z.array(z.object({ reportId })), nextToken: z.string().optional() });
const fault = z.object({ __type: z.string().optional(), code: z.string().optional() });

/** Files one report. The same request within 24 hours is the same report, by its client token. */
export async function reportToAws(access: AwsAccess, request: AwsRequest): Promise<Reported> {
  const said = await call(access, { method: "POST", path: "/v1/abuse", body: JSON.stringify(request) });
  if (!("status" in said) || said.status >= 300 || said.status < 200) return withoutReference(said, codeOf(said));
  const { data } = taken.safeParse(said.json);
  if (data === undefined) return { outcome: "unknown", reference: null, code: null };
  return { outcome: "accepted", reference: data.reportId, code: null };
}

/**
 * Files the reports of one notice, one for each place, in order. It stops where AWS cannot be reached: then what was taken so far
 * makes the outcome unknown, and filing all of them again within 24 hours doubles none. Refused only when all were.
 *
 * @returns the first reference, and of a refusal the first code.
 */
export async function reportAllToAws(access: AwsAccess, requests: readonly AwsRequest[]): Promise<Reported> {
  let reference: string | null = null;
  let code: string | null = null;
  for (const request of requests) {
    const one = await reportToAws(access, request);
    if (one.outcome === "not-taken" && reference === null) return one;
    if (one.outcome === "not-taken" || one.outcome === "unknown") return { ...one, outcome: "unknown", reference };
    reference ??= one.reference;
    code ??= one.code;
  }
  return { outcome: reference === null ? "refused" : "accepted", reference, code };
}

/** What AWS has of a notice: references of its reports, at most 50; null when it cannot be asked. */
export async function traceAtAws(access: AwsAccess, noticeId: string): Promise<readonly string[] | null> {
  const path = `/v1/abusestatuses?${new URLSearchParams({ correlationId: noticeId, maxResults: "50" })}`;
  const said = await call(access, { method: "GET", path, body: null });
  const { data } = statuses.safeParse("status" in said && said.status === 200 ? said.json : null);
  return data === undefined ? null : data.reports.map((report) => report.reportId);
}

type Asked = Pick<Errand, "method" | "body"> & { readonly path: string };

async function call(access: AwsAccess, { method, path, body }: Asked): Promise<Said> {
  const { accessKeyId, secretAccessKey, region } = access;
  const headers = { "content-type": "application/json" };
  const signer = new AwsV4Signer({
    ...{ method, body, headers, accessKeyId, secretAccessKey, region },
    url: access.base + path,
    service: "abuse",
  });
  const signed = await signer.sign();
  return ask({ method, url: signed.url, headers: Object.fromEntries(signed.headers), body });
}

function codeOf(said: Said): string | null {
  if (!("status" in said)) return null;
  const { data } = fault.safeParse(said.json);
  const named = said.errorType ?? data?.__type ?? data?.code ?? null;
  // AWS writes "namespace#Name" in bodies and "Name:address" in the header.
  return named === null ? null : (named.split("#").at(-1)?.split(":")[0] ?? null);
}
