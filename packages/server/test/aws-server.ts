import { createHash, createHmac, randomBytes } from "node:crypto";
import { z } from "zod";
import { xarfValidator } from "../../casework/test/xarf-schemas.ts";
import { type Answer, type ChannelServer, openChannelServer, type Seen } from "./channel-server.ts";

/** CreateAbuseReport's documented members (AWS Abuse Signal API reference, 2026-11-18). */
const body = z.strictObject({
  report: z.strictObject({ xarf: z.record(z.string(), z.unknown()) }),
  correlationId: z
    .string()
    .regex(/^[a-zA-Z0-9-_]{1,256}$/)
    .optional(),
  clientToken: z
    .string()
    .regex(/^[\x21-\x7E]{1,128}$/)
    .optional(),
});

export type AwsServer = ChannelServer & {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Reports that count, each once. */
  readonly filed: {
    readonly reportId: string;
    readonly token: string;
    readonly correlationId: string;
    readonly xarf: object;
  }[];
  /** How many were only tried (lifecycle:test). */
  readonly trials: () => number;
};

/** @param then  what it does with the answer to a filed report; null cuts the connection. */
export async function openAws(then: (answer: Answer) => Answer | null = (answer) => answer): Promise<AwsServer> {
  const keys = { region: "us-east-1", accessKeyId: "AKIDEXAMPLE", secretAccessKey: randomBytes(20).toString("hex") };
  const isXarf = xarfValidator();
  const filed: AwsServer["filed"] = [];
  let trials = 0;
  const server = await openChannelServer((seen) => {
    const wrong = signatureFault(seen, keys);
    if (wrong !== null) return fault(403, wrong);
    if (seen.method === "POST" && seen.path === "/v1/abuse") return file(seen);
    if (seen.method === "GET" && seen.path === "/v1/abusestatuses") {
      const of = filed.filter(({ correlationId }) => correlationId === seen.query.get("correlationId"));
      const reports = of.map(({ reportId, correlationId }) => ({
        reportId,
        correlationId,
        status: "QUEUED",
        description: "",
      }));
      return { status: 200, json: { reports } };
    }
    return fault(404, "ResourceNotFoundException");
  });

  function file(seen: Seen): Answer | null {
    const read = body.safeParse(JSON.parse(seen.body));
    if (!read.success || !isXarf(read.data.report.xarf)) return fault(400, "ValidationException");
    const { xarf } = read.data.report;
    // "Never include images": no evidence of any kind is taken.
    if ("evidence" in xarf || "_internal" in xarf) return fault(400, "ValidationException");
    const token = read.data.clientToken ?? randomBytes(8).toString("hex");
    const known = filed.find((report) => report.token === token);
    const reportId = known?.reportId ?? randomBytes(16).toString("hex");
    if (Array.isArray(xarf.tags) && xarf.tags.includes("lifecycle:test")) trials++;
    else if (known === undefined) filed.push({ reportId, token, correlationId: read.data.correlationId ?? "", xarf });
    return then({ status: 202, json: { reportId, status: "QUEUED", correlationId: read.data.correlationId } });
  }
  return { ...server, ...keys, filed, trials: () => trials };
}

function fault(status: number, name: string): Answer {
  return { status, json: { message: name }, headers: { "x-amzn-errortype": `${name}:http://internal.amazon.com/` } };
}

const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

type Keys = Pick<AwsServer, "region" | "accessKeyId" | "secretAccessKey">;

/**
 * Signature Version 4 as the verifying side reads it (AWS General Reference, "Create a signed AWS API request"), by node:crypto alone:
 * the client signs with another library.
 */
function signatureFault(seen: Seen, keys: Keys): string | null {
  const given = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    seen.headers.authorization ?? "",
  );
  const [, credential = "", signedHeaders = "", signature = ""] = given ?? [];
  const date = String(seen.headers["x-amz-date"] ?? "");
  const scope = [date.slice(0, 8), keys.region, "abuse", "aws4_request"].join("/");
  if (given === null || credential !== `${keys.accessKeyId}/${scope}`) return "UnrecognizedClientException";
  const names = signedHeaders.split(";");
  if (!names.includes("host") || !names.includes("x-amz-date")) return "InvalidSignatureException";
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Math.abs(Date.now() - at) < 300_000)) return "RequestExpired";
  const query = [...seen.query]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort();
  const headers = names.map((name) => `${name}:${String(seen.headers[name] ?? "").trim()}\n`).join("");
  const canonical = [seen.method, seen.path, query.join("&"), headers, signedHeaders, sha256(seen.body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${keys.secretAccessKey}`);
  return hmac(key, toSign).toString("hex") === signature ? null : "InvalidSignatureException";
}
