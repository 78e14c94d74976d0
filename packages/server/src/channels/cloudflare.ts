import type { CloudflareReport } from "@jikim/casework";
import { z } from "zod";
import { ask, type Said } from "./ask.ts";
import { type Reported, type Traced, UNAVAILABLE, withoutReference } from "./outcome.ts";

/**
 * The centre's account at Cloudflare. It needs the abuse-reports entitlement, and a token with "Trust and Safety Write" (cloudflare
 * 7.3.0, resources/abuse-reports).
 */
export type CloudflareAccess = {
  /** Without a slash at the end. */
  readonly base: string;
  readonly account: string;
  readonly token: string;
};

export const CLOUDFLARE_BASE = "https://api.cloudflare.com/client/v4";

/** `abuse_rand` is the public id of the report. */
const taken = z.object({ result: z.literal("success"), abuse_rand: z.string().min(1).max(200).optional() });
const refused = z.object({
  error_code: z.union([z.string(), z.number()]).optional(),
  errors: z.array(z.object({ code: z.union([z.string(), z.number()]) })).optional(),
});

/** Files a report. Cloudflare knows no key that makes a second filing the same one: a doubt is settled by `traceAtCloudflare`. */
export async function reportToCloudflare(access: CloudflareAccess, report: CloudflareReport): Promise<Reported> {
  const said = await call(access, "POST", "abuse_ncsei", JSON.stringify(report));
  if (!isSuccess(said)) return withoutReference(said, codeOf(said));
  const { data, success } = taken.safeParse(said.json);
  if (success) return { outcome: "accepted", reference: data.abuse_rand ?? null, code: null };
  // A refusal under a good status, or words that nobody can read.
  const code = codeOf(said);
  return { outcome: code === null ? "unknown" : "refused", reference: null, code };
}

export type Filed = {
  /** Stands in the comments of the report. */
  readonly noticeId: string;
  readonly host: string;
  /** When the try in doubt was begun. */
  readonly since: Temporal.Instant;
};

const MOST_LOOKED_AT = 20;
const list = z.object({ result: z.object({ reports: z.array(z.object({ id: z.string().min(1).max(200) })) }) });
const detail = z.object({ result: z.object({ comments: z.string().optional() }) });

/** Looks for a report of ours among those the account filed for this host since then. */
export async function traceAtCloudflare(access: CloudflareAccess, filed: Filed): Promise<Traced> {
  const asked = new URLSearchParams({
    ...{ domain: filed.host, type: "NCSEI", per_page: String(MOST_LOOKED_AT + 1) },
    created_after: filed.since.subtract({ minutes: 5 }).toString(),
  });
  const said = await call(access, "GET", `submitted?${asked}`, null);
  const listed = isSuccess(said) ? list.safeParse(said.json) : null;
  if (!listed?.success) return UNAVAILABLE;
  const { reports } = listed.data.result;
  for (const { id } of reports.slice(0, MOST_LOOKED_AT)) {
    const one = await call(access, "GET", `submitted/${encodeURIComponent(id)}`, null);
    const read = isSuccess(one) ? detail.safeParse(one.json) : null;
    if (!read?.success) return UNAVAILABLE;
    if (read.data.result.comments?.includes(filed.noticeId)) return { evidence: "accepted", reference: id };
  }
  return reports.length > MOST_LOOKED_AT ? UNAVAILABLE : { evidence: "absent", reference: null };
}

function call(access: CloudflareAccess, method: "GET" | "POST", path: string, body: string | null): Promise<Said> {
  const url = new URL(`${access.base}/accounts/${encodeURIComponent(access.account)}/abuse-reports/${path}`);
  const json = body === null ? {} : { "content-type": "application/json" };
  return ask({ method, url, body, headers: { ...json, authorization: `Bearer ${access.token}` } });
}

function isSuccess(said: Said): said is Extract<Said, { status: number }> {
  return "status" in said && said.status >= 200 && said.status < 300;
}

function codeOf(said: Said): string | null {
  const { data } = refused.safeParse("status" in said ? said.json : null);
  const code = data?.error_code ?? data?.errors?.[0]?.code;
  return code === undefined ? null : String(code);
}
