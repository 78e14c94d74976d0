import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** One record of a web archive; the block is what stands below its header. */
export type WarcRecord = {
  readonly type: "warcinfo" | "response" | "request" | "resource" | "metadata";
  readonly address: string | null;
  readonly at: Date;
  readonly contentType: string;
  readonly block: Buffer;
  /** The part of the block that is the body of an HTTP message. */
  readonly payload?: Buffer;
  readonly more?: Readonly<Record<string, string>>;
};

/** Where a record stands in the file, for the index. */
export type Written = { readonly id: string; readonly offset: number; readonly length: number };

export type WarcFile = { write(record: WarcRecord): Promise<Written>; close(): Promise<void> };

const deflate = promisify(gzip);

/**
 * Writes WARC/1.1 (ISO 28500:2017), a gzip member for each record. Our own, because warcio spools bodies of more than 512 KB to temporary files,
 * and what a capture holds in memory must not reach any file but its own.
 */
export function openWarc(path: string): WarcFile {
  const stream = createWriteStream(path, { flags: "wx", mode: 0o600 });
  let offset = 0;
  let line: Promise<unknown> = Promise.resolve();
  const append = async (record: WarcRecord): Promise<Written> => {
    const id = `<urn:uuid:${randomUUID()}>`;
    const bytes = await deflate(Buffer.concat([headOf(record, id), record.block, Buffer.from("\r\n\r\n")]));
    const written = { id, offset, length: bytes.length };
    offset += bytes.length;
    await new Promise<void>((done, fail) => stream.write(bytes, (error) => (error ? fail(error) : done())));
    return written;
  };
  return {
    write(record) {
      const written = line.then(() => append(record));
      line = written.catch(() => undefined);
      return written;
    },
    async close() {
      await line;
      await new Promise<void>((done) => stream.end(done));
    },
  };
}

function headOf({ type, address, at, contentType, block, payload, more = {} }: WarcRecord, id: string): Buffer {
  const fields: Record<string, string> = {
    "WARC-Type": type,
    "WARC-Record-ID": id,
    "WARC-Date": at.toISOString(),
    ...(address === null ? {} : { "WARC-Target-URI": address }),
    ...more,
    "Content-Type": contentType,
    "WARC-Block-Digest": digestOf(block),
    ...(payload === undefined ? {} : { "WARC-Payload-Digest": digestOf(payload) }),
    "Content-Length": String(block.length),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, " ")}\r\n`);
  return Buffer.from(`WARC/1.1\r\n${lines.join("")}\r\n`);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
