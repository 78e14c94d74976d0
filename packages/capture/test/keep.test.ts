import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { familyOf } from "@jikim/fingerprint";
import { decodePictures } from "@jikim/fingerprint/decode";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CaptureRecord, captureRecordSchema } from "../src/index.ts";
import { readWarc, sha256, unzip } from "./archive.ts";
import { filesIn, type Leak, openSearch } from "./leaks.ts";
import { runCapture } from "./run.ts";
import { openHostileSite, PAGE_SECRET, type Planted, plant, SECRETS } from "./site.ts";

const temp = mkdtempSync(join(tmpdir(), "jikim-keeping-"));
const folder = join(temp, "result");
let planted: Planted;
let site: Awaited<ReturnType<typeof openHostileSite>>;
let identity: string;
let record: CaptureRecord;
const leaks: Leak[] = [];
const secretsFound: string[] = [];

/** Her items: the pictures of two tricks, one of them known by a copy of another size and form. */
async function items() {
  const small = await sharp(planted.json).resize(180).webp({ quality: 70 }).toBuffer();
  return Promise.all(
    [planted.plain, small].map(async (picture) => {
      for await (const pixels of decodePictures(picture)) return familyOf(pixels);
      return [];
    }),
  );
}

const SOUGHT = [SECRETS.brought, SECRETS.made, PAGE_SECRET];
function secretsIn(bytes: Buffer, file: string): string[] {
  return SOUGHT.flatMap((secret) => (bytes.includes(secret) ? [`${secret} in ${file}`] : []));
}

beforeAll(async () => {
  planted = await plant();
  site = await openHostileSite(planted);
  identity = await generateX25519Identity();
  const search = await openSearch(planted);
  const look = async () => {
    leaks.push(...(await search.inFolder(temp)).leaks);
    for (const file of filesIn(temp)) {
      try {
        secretsFound.push(...secretsIn(readFileSync(file), file));
      } catch {
        // Gone meanwhile.
      }
    }
  };
  const cookie = { name: "sid", value: SECRETS.brought, domain: "127.0.0.1", path: "/", secure: false };
  const asked = {
    ...{ url: `${site.url}/start`, allowPrivate: true, minor: false, mode: "keep-matching" as const },
    keep: { recipient: await identityToRecipient(identity), items: await items() },
    cookies: [cookie, { ...cookie, name: "tls", secure: true }],
  };
  const { status } = await runCapture(temp, asked, look);
  expect(status).toBe(0);
  await look();
  record = captureRecordSchema.parse(JSON.parse(readFileSync(join(folder, "record.json"), "utf8")));
  for (const [path, content] of unzip(readFileSync(join(folder, "capture.wacz")))) {
    leaks.push(...(await search.inBytes(content, path)));
    const records = path.endsWith(".warc.gz") ? readWarc(content).map(({ block }) => block) : [content];
    secretsFound.push(...records.flatMap((block) => secretsIn(block, path)));
  }
});
afterAll(async () => {
  await site.close();
  rmSync(temp, { recursive: true, force: true });
});

test("of a hostile site only what matches her items is kept, sealed, and nothing of it lies anywhere in clear", async () => {
  expect(leaks).toEqual([]);
  const kept = readdirSync(folder).filter((name) => name.startsWith("kept-"));
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const opened = await Promise.all(kept.map((name) => decrypter.decrypt(readFileSync(join(folder, name)))));
  expect(new Set(opened.map(sha256))).toEqual(new Set([planted.plain, planted.json].map(sha256)));
});

test("each kept body is named by its resource, beside its digest; another is a digest alone", () => {
  const of = (picture: Buffer) => record.resources.find((each) => each.sha256 === sha256(picture));
  expect(of(planted.plain)).toMatchObject({
    kept: false,
    why: "media",
    sealed: expect.stringMatching(/^kept-\d\.age$/),
  });
  expect(of(planted.json)).toMatchObject({ kept: false, why: "disguised", sealed: expect.any(String) });
  expect(of(planted.background)).toMatchObject({ kept: false, why: "media" });
  expect(of(planted.background)?.sealed).toBeUndefined();
});

test("the session reaches its site, and neither another one, nor what another one makes the browser ask for", () => {
  expect(site.cookies.get("127.0.0.1/start")).toContain(`sid=${SECRETS.brought}`);
  expect(site.cookies.get("127.0.0.1/mine")).toContain(SECRETS.brought);
  expect(site.cookies.get("127.0.0.1/mine")).not.toContain("tls=");
  expect(site.cookies.get("localhost/frame")).toBe("");
  expect(site.cookies.get("127.0.0.1/act.png")).toBeDefined();
  expect(site.cookies.get("127.0.0.1/act.png")).not.toContain(SECRETS.brought);
});

test("no secret of the session is in the result, the profile or a temporary file, though the site sends it back", () => {
  expect(secretsFound).toEqual([]);
  expect(record.signedIn).toBe(true);
  const warc = unzip(readFileSync(join(folder, "capture.wacz"))).get("archive/data.warc.gz") ?? Buffer.alloc(0);
  const mine = readWarc(warc).filter(({ fields }) => fields.get("warc-target-uri") === `${site.url}/mine`);
  const said = mine.map(({ block }) => block.toString()).join("\n");
  expect(said).toContain("words for who is let in");
  for (const line of ["set-cookie: jikim-redacted", "Cookie: jikim-redacted", "authorization: jikim-redacted"])
    expect(said.toLowerCase()).toContain(line.toLowerCase());
});

test.each([
  ["of a minor", { minor: true }],
  ["without anything to match", { minor: false, keep: null }],
])("keeping %s is refused by the program itself", async (_, more) => {
  const own = mkdtempSync(join(tmpdir(), "jikim-refused-"));
  const keep = { recipient: await identityToRecipient(identity), items: [[]] };
  const asked = { url: site.url, allowPrivate: true, mode: "keep-matching" as const, keep, ...more };
  const { status, said } = await runCapture(own, asked);
  expect([status, said]).toEqual([2, { error: { code: "ZodError" } }]);
  rmSync(own, { recursive: true, force: true });
});
