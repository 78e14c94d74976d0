import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import type { Indexed } from "./ledger.ts";

type Part = { readonly path: string; readonly content: Buffer } | { readonly path: string; readonly file: string };
type Page = { readonly url: string; readonly at: Date; readonly title: string; readonly text: string };

/** Bytes and SHA-256 of a file. */
export async function digestOfFile(file: string): Promise<{ bytes: number; sha256: string }> {
  const digest = createHash("sha256");
  for await (const part of createReadStream(file)) digest.update(part);
  return { bytes: (await stat(file)).size, sha256: digest.digest("hex") };
}

/** Puts archive, index and pages into one file (WACZ 1.1.1, specs.webrecorder.net/wacz), each part listed with its digest. */
export async function writeWacz(
  to: string,
  { archive, index, page }: { readonly archive: string; readonly index: readonly Indexed[]; readonly page: Page },
): Promise<void> {
  const parts: Part[] = [
    { path: "archive/data.warc.gz", file: archive },
    { path: "indexes/index.cdx", content: Buffer.from(cdxOf(index)) },
    { path: "pages/pages.jsonl", content: Buffer.from(pagesOf(page)) },
  ];
  const resources = [];
  for (const part of parts) {
    const found =
      "file" in part
        ? await digestOfFile(part.file)
        : { bytes: part.content.length, sha256: createHash("sha256").update(part.content).digest("hex") };
    const name = part.path.split("/").at(-1);
    resources.push({ name, path: part.path, hash: `sha256:${found.sha256}`, bytes: found.bytes });
  }
  const about = { profile: "data-package", wacz_version: "1.1.1", title: page.title, created: page.at.toISOString() };
  const package_ = Buffer.from(
    JSON.stringify({ ...about, software: "jikim capture", mainPageUrl: page.url, resources }),
  );
  const hash = `sha256:${createHash("sha256").update(package_).digest("hex")}`;
  parts.push({ path: "datapackage.json", content: package_ });
  parts.push({
    path: "datapackage-digest.json",
    content: Buffer.from(JSON.stringify({ path: "datapackage.json", hash })),
  });
  const zip = new ZipFile();
  for (const part of parts) {
    // Readers of WACZ ask for ranges of the archive: it is compressed within, not again.
    const options = { mtime: page.at, mode: 0o100600, compress: false };
    if ("file" in part) zip.addFile(part.file, part.path, options);
    else zip.addBuffer(part.content, part.path, options);
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(to, { flags: "wx", mode: 0o600 }));
}

/** CDXJ (specs.webrecorder.net/cdxj): a sorted line for each response. */
function cdxOf(index: readonly Indexed[]): string {
  const lines = index.map(({ url, at, mime, status, offset, length }) => {
    const time = at.toISOString().replace(/\D/g, "").slice(0, 14);
    const facts = { url, mime, status: String(status), offset: String(offset), length: String(length) };
    return `${sortable(url)} ${time} ${JSON.stringify({ ...facts, filename: "data.warc.gz" })}\n`;
  });
  return lines.sort((one, two) => (one < two ? -1 : 1)).join("");
}

/** An address with its host turned round, as SURT has it. */
function sortable(url: string): string {
  const { hostname, port, pathname, search } = new URL(url.replace(/…$/, ""));
  const host = hostname.split(".").reverse().join(",");
  return `${host}${port === "" ? "" : `:${port}`})${pathname}${search}`.toLowerCase();
}

function pagesOf({ url, at, title, text }: Page): string {
  const head = { format: "json-pages-1.0", id: "pages", title: "All Pages", hasText: true };
  return `${JSON.stringify(head)}\n${JSON.stringify({ id: "1", url, ts: at.toISOString(), title, text })}\n`;
}
