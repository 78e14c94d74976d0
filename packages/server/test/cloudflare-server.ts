import { randomBytes } from "node:crypto";
import { z } from "zod";
import { type Answer, type ChannelServer, openChannelServer, type Seen } from "./channel-server.ts";

/** The documented rules of abuse_ncsei (cloudflare 7.3.0, resources/abuse-reports/abuse-reports.d.ts); nothing else may be sent. */
const body = z
  .strictObject({
    act: z.literal("abuse_ncsei"),
    name: z.string().min(1).max(255),
    email: z.email(),
    email2: z.string(),
    host_notification: z.enum(["send", "send-anon"]),
    owner_notification: z.enum(["send", "send-anon", "none"]),
    ncsei_subject_representation: z.boolean(),
    urls: z.string(),
    comments: z.string().max(2000).optional(),
    company: z.string().max(100).optional(),
    country: z.string().max(255).optional(),
    reported_country: z.string().length(2).optional(),
    reported_user_agent: z.string().max(255).optional(),
    tele: z.string().max(20).optional(),
    title: z.string().max(255).optional(),
  })
  .refine(({ email, email2 }) => email === email2, "email2")
  .refine(({ urls }) => areGood(urls.split("\n")), "urls");

function areGood(urls: readonly string[]): boolean {
  if (urls.length > 250 || new Set(urls).size !== urls.length || !urls.every((url) => URL.canParse(url))) return false;
  return new Set(urls.map((url) => new URL(url).hostname)).size === 1;
}

export type CloudflareServer = ChannelServer & {
  readonly account: string;
  readonly token: string;
  readonly filed: { readonly id: string; readonly at: string; readonly report: z.infer<typeof body> }[];
};

/**
 * @param then  what it does with the answer to a filed report; null cuts the connection.
 * @param now  its clock, where a test moves that of the centre.
 */
export async function openCloudflare(
  then: (answer: Answer) => Answer | null = (answer) => answer,
  now: () => Temporal.Instant = () => Temporal.Now.instant(),
): Promise<CloudflareServer> {
  const account = randomBytes(16).toString("hex");
  const token = randomBytes(20).toString("hex");
  const filed: CloudflareServer["filed"] = [];
  const root = `/accounts/${account}/abuse-reports`;
  const server = await openChannelServer((seen) => {
    if (seen.headers.authorization !== `Bearer ${token}`) return { status: 401, json: { errors: [{ code: 10000 }] } };
    if (seen.method === "POST" && seen.path === `${root}/abuse_ncsei`) return file(seen);
    if (seen.method === "GET" && seen.path === `${root}/submitted`)
      return { status: 200, json: { result: { reports: listed(seen) } } };
    const one = filed.find(({ id }) => seen.path === `${root}/submitted/${id}`);
    return one
      ? { status: 200, json: { result: { ...one.report, id: one.id } } }
      : { status: 404, json: { errors: [{ code: 7003 }] } };
  });

  function file(seen: Seen): Answer | null {
    const read = body.safeParse(parsed(seen.body));
    if (!read.success || seen.headers["content-type"] !== "application/json")
      return {
        status: 400,
        json: { request: { act: "abuse_ncsei" }, result: "error", error_code: "abuse-1001", msg: read.error?.message },
      };
    const id = randomBytes(8).toString("hex");
    filed.push({ id, at: now().toString({ smallestUnit: "millisecond" }), report: read.data });
    return then({ status: 200, json: { abuse_rand: id, request: { act: "abuse_ncsei" }, result: "success" } });
  }

  function listed({ query }: Seen) {
    const [domain, after, many] = [
      query.get("domain"),
      query.get("created_after") ?? "",
      Number(query.get("per_page") ?? 20),
    ];
    const fits = filed.filter(({ at, report }) => {
      const [first = ""] = report.urls.split("\n");
      return at > after && new URL(first).hostname === domain;
    });
    return fits
      .slice(0, many)
      .map(({ id, at }) => ({ id, cdate: at, domain, type: "NCSEI", status: "submitted", denial_reason: null }));
  }
  return { ...server, account, token, filed };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
