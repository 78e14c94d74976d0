import { type AwsRequest, asTrial, type CloudflareReport, writeNotice } from "@jikim/casework";
import { afterEach, describe, expect, test } from "vitest";
import { CARD, factsOf, NOTICE_ID } from "../../casework/test/writing-facts.ts";
import { hasSchemas } from "../../casework/test/xarf-schemas.ts";
import { reportAllToAws, reportToAws, traceAtAws } from "../src/channels/aws.ts";
import { reportToCloudflare, traceAtCloudflare } from "../src/channels/cloudflare.ts";
import { openAws } from "./aws-server.ts";
import { type Answer, type ChannelServer, openChannelServer } from "./channel-server.ts";
import { openCloudflare } from "./cloudflare-server.ts";

const opened: ChannelServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});
async function open<T extends ChannelServer>(server: Promise<T>): Promise<T> {
  const ready = await server;
  opened.push(ready);
  return ready;
}

const pages = (many: number) =>
  Array.from({ length: many }, (_, at) => ({ kind: "url" as const, text: `https://board.example/p/${at}?a=[1]&b=%` }));

function cloudflareReport(many = 3): CloudflareReport {
  const card = {
    ...CARD,
    kind: "network",
    language: "en",
    api: "cloudflare",
    mostPlaces: 250,
    sameHost: true,
  } as const;
  const { cloudflare } = writeNotice(factsOf({ card, places: pages(many) }));
  if (cloudflare === null) throw new Error("no report");
  return cloudflare;
}
function awsRequests(many = 1): readonly AwsRequest[] {
  const card = { ...CARD, kind: "host", language: "en", api: "aws" } as const;
  return writeNotice(factsOf({ card, places: pages(many) })).aws;
}
function first<T>([one]: readonly T[]): T {
  if (one === undefined) throw new Error("none");
  return one;
}

/** What any service outside may answer, and what that must mean. */
const ODD: readonly (readonly [string, Answer | null, object])[] = [
  ["cuts the connection", null, { outcome: "unknown" }],
  ["fails within", { status: 500, raw: "<html>" }, { outcome: "unknown" }],
  ["has no time", { status: 429 }, { outcome: "not-taken", code: "HTTP_429" }],
  ["knows no such right", { status: 403 }, { outcome: "not-taken", code: "HTTP_403" }],
  ["finds fault", { status: 422 }, { outcome: "refused", code: "HTTP_422" }],
  ["sends elsewhere", { status: 307, headers: { location: "http://127.0.0.1:9/" } }, { outcome: "not-taken" }],
  ["says yes in no words", { status: 200, raw: "ok" }, { outcome: "unknown" }],
  [
    "says yes without end",
    { status: 200, raw: `{"result":"success","x":"${"x".repeat(100_000)}"}` },
    { outcome: "unknown" },
  ],
  ["nests without end", { status: 200, raw: `${"[".repeat(30_000)}` }, { outcome: "unknown" }],
  [
    "hides words in a code",
    { status: 400, json: { error_code: "<b>x", __type: "<b>x" } },
    { outcome: "refused", code: "HTTP_400" },
  ],
];

describe("Cloudflare", () => {
  test("takes a report of 250 pages under its documented rules and says what it calls it", async () => {
    const server = await open(openCloudflare());
    const reported = await reportToCloudflare(server, cloudflareReport(250));
    expect(reported).toEqual({ outcome: "accepted", reference: server.filed[0]?.id, code: null });
    expect(server.filed[0]?.report.urls.split("\n")).toHaveLength(250);
  });

  test("its rules are enforced: another host, a double, an overlong or unknown field is refused", async () => {
    const server = await open(openCloudflare());
    const report = cloudflareReport();
    for (const change of [
      { urls: "https://a.example/\nhttps://b.example/" },
      { urls: "https://a.example/\nhttps://a.example/" },
      { comments: "x".repeat(2001) },
      { email2: "other@centre.example" },
      { survivor: "a name" },
    ])
      expect(await reportToCloudflare(server, { ...report, ...change } as CloudflareReport)).toEqual({
        ...{ outcome: "refused", reference: null, code: "abuse-1001" },
      });
    expect(server.filed).toHaveLength(0);
  });

  test("a wrong token is for the operator to mend, not the end of the notice", async () => {
    const server = await open(openCloudflare());
    const reported = await reportToCloudflare({ ...server, token: "old" }, cloudflareReport());
    expect(reported).toEqual({ outcome: "not-taken", reference: null, code: "10000" });
  });

  test("a report whose answer was lost is found again by the notice's number, and another's is not", async () => {
    const server = await open(openCloudflare(() => null));
    const since = Temporal.Now.instant();
    const filed = { noticeId: NOTICE_ID, host: "board.example", since };
    expect(await traceAtCloudflare(server, filed)).toEqual({ evidence: "absent", reference: null });
    expect((await reportToCloudflare(server, cloudflareReport())).outcome).toBe("unknown");
    expect(await traceAtCloudflare(server, filed)).toEqual({ evidence: "accepted", reference: server.filed[0]?.id });
    const other = { ...filed, noticeId: NOTICE_ID.replace("5f", "6f") };
    expect(await traceAtCloudflare(server, other)).toEqual({ evidence: "absent", reference: null });
    expect(await traceAtCloudflare({ ...server, token: "old" }, filed)).toMatchObject({ evidence: "unavailable" });
  });

  test("among too many reports to look at, that it was not seen says nothing", async () => {
    const server = await open(openCloudflare());
    const report = { ...cloudflareReport(), comments: "another" };
    for (let at = 0; at < 21; at++) await reportToCloudflare(server, report);
    const filed = { noticeId: NOTICE_ID, host: "board.example", since: Temporal.Now.instant() };
    expect(await traceAtCloudflare(server, filed)).toMatchObject({ evidence: "unavailable" });
  });
});

describe("AWS", () => {
  test("takes a signed report, and the same one again only once", async () => {
    const server = await open(openAws());
    const request = first(awsRequests());
    const once = await reportToAws(server, request);
    expect(once).toEqual({ outcome: "accepted", reference: server.filed[0]?.reportId, code: null });
    expect(await reportToAws(server, request)).toEqual(once);
    expect(server.filed).toHaveLength(1);
    expect(await traceAtAws(server, NOTICE_ID)).toEqual([once.reference]);
  });

  test("checks a trial and does nothing with it", async () => {
    const server = await open(openAws());
    expect((await reportToAws(server, asTrial(first(awsRequests())))).outcome).toBe("accepted");
    expect([server.filed.length, server.trials()]).toEqual([0, 1]);
  });

  const schema = hasSchemas ? "what its schema refuses" : "(skipped: no schemas)";
  test(`refuses ${schema}, evidence of any kind, and a key that is not ours`, async () => {
    const server = await open(openAws());
    const request = first(awsRequests());
    const refused = { outcome: "refused", reference: null, code: "ValidationException" };
    const malformed = hasSchemas ? [{ type: "ncii" }, { tags: ["No Tag"] }] : [];
    for (const change of [{ evidence: [] }, ...malformed]) {
      const xarf = { ...request.report.xarf, ...change };
      expect(await reportToAws(server, { ...request, report: { xarf } } as unknown as AwsRequest)).toEqual(refused);
    }
    const stolen = { ...server, secretAccessKey: "another" };
    expect(await reportToAws(stolen, request)).toMatchObject({
      outcome: "not-taken",
      code: "InvalidSignatureException",
    });
    expect(server.filed).toHaveLength(0);
  });

  test("a notice over many places that breaks off may be filed again whole, and none is doubled", async () => {
    let answers = 0;
    const server = await open(openAws((answer) => (++answers === 3 ? null : answer)));
    const requests = awsRequests(5);
    const broken = await reportAllToAws(server, requests);
    expect(broken).toMatchObject({ outcome: "unknown", reference: server.filed[0]?.reportId });
    expect(server.filed).toHaveLength(3);
    expect(await reportAllToAws(server, requests)).toMatchObject({ outcome: "accepted", reference: broken.reference });
    expect(server.filed).toHaveLength(5);
    expect(await traceAtAws(server, NOTICE_ID)).toHaveLength(5);
  });

  test("a notice is refused only when every one of its places was", async () => {
    const server = await open(openAws());
    const [good, bad] = awsRequests(2);
    if (good === undefined || bad === undefined) throw new Error("two");
    const broken = { ...bad, correlationId: "no good" };
    expect(await reportAllToAws(server, [broken])).toMatchObject({ outcome: "refused", code: "ValidationException" });
    expect(await reportAllToAws(server, [broken, good])).toMatchObject({
      outcome: "accepted",
      code: "ValidationException",
    });
  });
});

describe("any service outside", () => {
  test.each(ODD)("that %s leaves an outcome, never an error", async (_, answer, meaning) => {
    const { base } = await open(openChannelServer(() => answer));
    const keys = { base, region: "us-east-1", accessKeyId: "A", secretAccessKey: "s" };
    expect(await reportToCloudflare({ base, account: "a", token: "t" }, cloudflareReport())).toMatchObject(meaning);
    expect(await reportToAws(keys, first(awsRequests()))).toMatchObject(meaning);
  });

  test("that is not there surely took nothing", async () => {
    const { base, close } = await openChannelServer(() => ({ status: 200 }));
    await close();
    const nothing = { outcome: "not-taken", reference: null, code: null };
    const keys = { base, region: "us-east-1", accessKeyId: "A", secretAccessKey: "s" };
    expect(await reportToCloudflare({ base, account: "a", token: "t" }, cloudflareReport())).toEqual(nothing);
    expect(await reportToAws(keys, first(awsRequests()))).toEqual(nothing);
    expect(await traceAtAws(keys, NOTICE_ID)).toBeNull();
  });
});
