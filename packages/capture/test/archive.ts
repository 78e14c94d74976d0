import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";

/** The files of a ZIP without compression (APPNOTE 6.3, 4.3.7 and 4.3.12), by its central directory. */
export function unzip(zip: Buffer): ReadonlyMap<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const files = new Map<string, Buffer>();
  for (let at = zip.readUInt32LE(end + 16); zip.readUInt32LE(at) === 0x02014b50; ) {
    const [size, name, extra, comment] = [
      zip.readUInt32LE(at + 24),
      ...[28, 30, 32].map((x) => zip.readUInt16LE(at + x)),
    ];
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    files.set(zip.toString("utf8", at + 46, at + 46 + (name ?? 0)), zip.subarray(start, start + (size ?? 0)));
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return files;
}

export type ReadRecord = {
  readonly fields: ReadonlyMap<string, string>;
  readonly block: Buffer;
  readonly payload: Buffer;
};

/** Records of a WARC/1.1 file, read by the standard (ISO 28500:2017, 4 to 6) and not by our writer. @throws when it is not to the standard. */
export function readWarc(gzipped: Buffer): readonly ReadRecord[] {
  const bytes = gunzipSync(gzipped);
  const records: ReadRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = bytes.indexOf("\r\n\r\n", at);
    const [version, ...lines] = bytes.toString("utf8", at, head).split("\r\n");
    if (version !== "WARC/1.1") throw new Error(`not a record at ${at}`);
    const fields = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
    );
    const length = Number(fields.get("content-length"));
    const block = bytes.subarray(head + 4, head + 4 + length);
    at = head + 4 + length;
    if (bytes.toString("latin1", at, at + 4) !== "\r\n\r\n") throw new Error(`no end at ${at}`);
    at += 4;
    const isHttp = fields.get("content-type")?.startsWith("application/http") ?? false;
    const payload = isHttp ? block.subarray(block.indexOf("\r\n\r\n") + 4) : block;
    for (const [name, part] of [
      ["warc-block-digest", block],
      ["warc-payload-digest", payload],
    ] as const) {
      const claimed = fields.get(name);
      if (claimed !== undefined && claimed !== `sha256:${sha256(part)}`) throw new Error(`${name} is wrong at ${at}`);
    }
    for (const needed of ["warc-type", "warc-record-id", "warc-date", "warc-block-digest"])
      if (!fields.has(needed)) throw new Error(`${needed} is missing at ${at}`);
    records.push({ fields, block, payload });
  }
  return records;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
