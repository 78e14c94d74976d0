import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { fingerprint, MIN_QUALITY } from "@jikim/fingerprint";
import fc from "fast-check";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { FUZZ_RUNS, FUZZ_TIMEOUT } from "../../../setup/fuzz-runs.ts";
import { readFeed } from "../src/checks/decoder/feed.ts";
import { type Decoder, DecoderFailed, openDecoder } from "../src/checks/decoder/process.ts";
import { isAllowedByRobots } from "../src/checks/decoder/robots.ts";
import { readSitemap } from "../src/checks/decoder/sitemap.ts";
import { readPieces, writePiece } from "../src/checks/decoder/wire.ts";
import { readPage } from "../src/checks/page.ts";
import { drawing } from "../src/demo/invented.ts";

const decoder = openDecoder();
const others: Decoder[] = [];
let jpeg: Buffer;
let film: Buffer;
const picture = drawing(5);

beforeAll(async () => {
  const { data, width, height } = picture;
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  jpeg = await image.clone().jpeg({ quality: 80 }).toBuffer();
  film = makeFilm(await image.clone().resize(640, 480, { fit: "fill" }).png().toBuffer());
});
afterEach(() => {
  for (const other of others.splice(0)) other.stop();
});
afterAll(() => decoder.stop());

/** Three seconds of one drawing. */
function makeFilm(png: Buffer): Buffer {
  const input = ["-f", "image2pipe", "-framerate", "1", "-i", "pipe:0", "-vf", "tpad=stop_mode=clone:stop_duration=3"];
  const output = ["-c:v", "mpeg4", "-q:v", "2", "-f", "matroska", "pipe:1"];
  return spawnSync("ffmpeg", ["-loglevel", "error", ...input, ...output], { input: png }).stdout;
}

function started(...bounds: Parameters<typeof openDecoder>): Decoder {
  const other = openDecoder(...bounds);
  others.push(other);
  return other;
}

test("a picture comes back as hashes, the same as here", async () => {
  const seen = await decoder.decode({ kind: "media" }, jpeg);
  const { pdq } = fingerprint(picture);
  expect(seen).toMatchObject({
    seen: "pictures",
    pictures: [{ queries: expect.anything(), quality: expect.anything() }],
  });
  if (seen.seen !== "pictures") throw new Error("no pictures");
  expect(seen.pictures[0]?.turned).toContain(seen.pictures[0]?.queries[0]?.value);
  expect(pdq).toHaveLength(64);
});

test("a film is looked at frame by frame, from memory", async () => {
  const seen = await decoder.decode({ kind: "media" }, film);
  expect(seen).toMatchObject({ seen: "film", whole: true });
  if (seen.seen !== "film") throw new Error("no film");
  expect(seen.frames.filter(({ quality }) => quality >= MIN_QUALITY).length).toBeGreaterThan(0);
});

test("the process has no environment, is not root, and may write no file", async () => {
  process.env.JIKIM_PLANTED = "planted-secret";
  const other = started();
  await other.decode({ kind: "media" }, jpeg);
  delete process.env.JIKIM_PLANTED;
  const of = (name: string) => readFileSync(`/proc/${other.pid()}/${name}`, "utf8");
  expect(of("environ").replaceAll("\0", "")).toBe("PATH=/usr/local/bin:/usr/bin:/bin");
  expect(of("limits")).toMatch(/Max file size +0 +0/);
  expect(of("limits")).toMatch(/Max core file size +0 +0/);
  expect(of("cmdline")).toContain("--permission");
  if (process.getuid?.() === 0) {
    expect(of("status")).not.toMatch(/^Uid:\s+0/m);
    expect(of("status")).toMatch(/^CapEff:\s+0+$/m);
  }
});

test("a process that hangs is killed, and the next order is done by another", async () => {
  const other = started({ orderMs: 1500, mostMemory: 2 ** 40 });
  await other.decode({ kind: "media" }, jpeg);
  const pid = other.pid() ?? 0;
  process.kill(pid, "SIGSTOP");
  await expect(other.decode({ kind: "media" }, jpeg)).rejects.toThrow(DecoderFailed);
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  expect(await other.decode({ kind: "media" }, jpeg)).toMatchObject({ seen: "pictures" });
  expect(other.pid()).not.toBe(pid);
});

test("a process that takes more memory than it may is killed", async () => {
  const other = started({ orderMs: 60_000, mostMemory: 40 << 20 });
  const large = await sharp({ create: { width: 7000, height: 7000, channels: 3, background: "#456" } })
    .png()
    .toBuffer();
  await expect(other.decode({ kind: "media" }, large)).rejects.toThrow(DecoderFailed);
  expect(other.pid()).toBeNull();
});

test("a process that dies in the middle is no answer", async () => {
  const other = started();
  await other.decode({ kind: "media" }, jpeg);
  process.kill(other.pid() ?? 0, "SIGSTOP");
  const order = other.decode({ kind: "media" }, jpeg);
  process.kill(other.pid() ?? 0, "SIGKILL");
  await expect(order).rejects.toThrow(DecoderFailed);
});

test("bombs are refused before they are unpacked, and what is no picture is nothing we know", async () => {
  const bomb = await sharp({
    create: { width: 20_000, height: 20_000, channels: 3, background: "#000" },
    limitInputPixels: false,
  })
    .png()
    .toBuffer();
  expect(bomb.length).toBeLessThan(2 << 20);
  for (const bytes of [bomb, Buffer.from("no picture at all"), Buffer.alloc(0), jpeg.subarray(0, 900)])
    expect(await decoder.decode({ kind: "media" }, bytes)).toEqual({ seen: "unreadable" });
});

test("decoding leaves nothing in the folder for temporary files", async () => {
  const before = new Set(readdirSync(tmpdir()));
  const folder = mkdtempSync(join(tmpdir(), "jikim-test-"));
  await decoder.decode({ kind: "media" }, film);
  await decoder.decode({ kind: "media" }, jpeg);
  const fresh = readdirSync(tmpdir()).filter((name) => !before.has(name) && /ffmpeg|vips|sharp|heic/i.test(name));
  expect(fresh).toEqual([]);
  rmSync(folder, { recursive: true });
});

test("an XML bomb expands to nothing, and nothing outside is read", () => {
  const entities = Array.from(
    { length: 30 },
    (_, at) => `<!ENTITY e${at + 1} "&e${at};&e${at};&e${at};&e${at};">`,
  ).join("");
  const bomb = `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "boom">${entities}<!ENTITY file SYSTEM "file:///etc/passwd">]>
    <rss><channel><item><link>https://a.example/&e30;</link></item><item><link>&file;</link></item></channel></rss>`;
  const feed = readFeed(bomb);
  expect(JSON.stringify(feed).length).toBeLessThan(300);
  expect(JSON.stringify(feed)).not.toContain("root:");
  expect(readFeed(`<rss>${"<a>".repeat(200_000)}`)).toBeNull();
});

test("RSS and Atom give their entries' links and pictures, and not those of the feed itself", () => {
  const rss = `<rss xmlns:media="m"><channel><link>https://a.example/</link><image><url>https://a.example/logo.png</url></image>
    <item><link>https://a.example/1</link><enclosure url="https://a.example/1.jpg" type="image/jpeg"/>
    <media:content url="https://a.example/2.jpg" medium="image"/></item></channel></rss>`;
  expect(readFeed(rss)).toEqual({
    links: ["https://a.example/1"],
    pictures: ["https://a.example/1.jpg", "https://a.example/2.jpg"],
  });
  const atom = `<feed><link href="https://a.example/"/><entry><link rel="self" href="https://a.example/self"/>
    <link href="https://a.example/5&amp;b=1"/></entry></feed>`;
  expect(readFeed(atom)).toEqual({ links: ["https://a.example/5&b=1"], pictures: [] });
  expect(readFeed("<html><body>no feed</body></html>")).toBeNull();
});

test("a sitemap is read to its 50,000th page, the newest first; a packed one is not unpacked beyond what one may hold", () => {
  const url = (at: number, when = "") => `<url><loc>https://a.example/${at}</loc>${when}</url>`;
  const many = `<urlset>${Array.from({ length: 60_000 }, (_, at) => url(at)).join("")}</urlset>`;
  expect(readSitemap(Buffer.from(many))?.pages).toHaveLength(50_000);
  const dated = `<urlset>${url(1, "<lastmod>2026-01-01</lastmod>")}${url(2, "<lastmod>2026-08-01</lastmod>")}</urlset>`;
  expect(readSitemap(gzipSync(dated))?.pages).toEqual(["https://a.example/2", "https://a.example/1"]);
  const list = "<sitemapindex><sitemap><loc>https://a.example/s1.xml</loc></sitemap></sitemapindex>";
  expect(readSitemap(Buffer.from(list))).toEqual({ pages: [], sitemaps: ["https://a.example/s1.xml"] });
  expect(readSitemap(gzipSync(Buffer.alloc(80 << 20, 32)))).toBeNull();
  expect(readSitemap(Buffer.from("<html></html>"))).toBeNull();
});

test.each([
  ["User-agent: *\nDisallow: /private", "/private/1", false],
  ["User-agent: *\nDisallow: /private", "/public", true],
  ["User-agent: *\nDisallow: /\nAllow: /p/", "/p/1", true],
  ["User-agent: *\nDisallow: /\n\nUser-agent: linkcheck\nDisallow: /x", "/p/1", true],
  ["User-agent: other\nUser-agent: LinkCheck/2\nDisallow: /p", "/p/1", false],
  ["User-agent: *\nDisallow: /*.php$", "/a.php", false],
  ["User-agent: *\nDisallow: /*.php$", "/a.php?b", true],
  ["User-agent: *\nDisallow: /a*b*c", "/a1b2c3", false],
  ["User-agent: *\nDisallow:", "/p/1", true],
  ["Disallow: /", "/p/1", true],
  ["", "/p/1", true],
])("robots.txt %j lets %s be fetched: %s", (text, path, allowed) => {
  expect(isAllowedByRobots(text, { url: `https://a.example${path}`, agent: "linkcheck" })).toBe(allowed);
});

test("rules made to be slow are matched in one pass", { timeout: 20_000 }, () => {
  const text = `User-agent: *\n${`Disallow: /${"*a".repeat(250)}$\n`.repeat(900)}`;
  expect(isAllowedByRobots(text, { url: `https://a.example/${"a".repeat(4000)}b`, agent: "linkcheck" })).toBe(true);
});

test("whatever is in the bytes, the parsers answer", { timeout: FUZZ_TIMEOUT }, () => {
  const piece = fc.constantFrom(
    ...["<rss>", "<item>", "</item>", "<link>", "</link>", "<url>", "<loc>", "</loc>", "<!DOCTYPE a [", "&#0;", "&x;"],
    ...["<![CDATA[", "]]>", "<!--", "\0", "\uFFFD", "<a href=", "<video>", "<source src=x>", "Disallow: *", "\n", "$"],
  );
  const text = fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (one) => {
      readFeed(one);
      readSitemap(Buffer.from(one));
      readPage(one);
      isAllowedByRobots(one, { url: "https://a.example/x", agent: "linkcheck" });
    }),
    { seed: 7, numRuns: FUZZ_RUNS },
  );
});

test("pieces are put together however they are cut, and one that claims to be too long ends it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }),
      fc.array(fc.nat(20), { minLength: 1, maxLength: 40 }),
      async (pieces, cuts) => {
        const all = Buffer.concat(pieces.map((piece) => writePiece(piece)));
        const parts = async function* () {
          for (let [at, turn] = [0, 0]; at < all.length; turn++) {
            const to = at + 1 + (cuts[turn % cuts.length] ?? 0);
            yield all.subarray(at, to);
            at = to;
          }
        };
        const read: Buffer[] = [];
        for await (const piece of readPieces(parts(), 100)) read.push(Buffer.from(piece));
        expect(read.map(String)).toEqual(pieces.map((piece) => Buffer.from(piece).toString()));
      },
    ),
    { seed: 8, numRuns: 200 },
  );
  const tooLong = async function* () {
    yield Buffer.from([255, 255, 255, 255]);
  };
  await expect(readPieces(tooLong(), 100).next()).rejects.toThrow(RangeError);
});
