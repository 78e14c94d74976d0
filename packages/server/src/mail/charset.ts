import { Transform, type TransformCallback } from "node:stream";

/** Shifts of ISO-2022-KR (RFC 1557): between them each byte stands for one of KS X 1001 with its high bit cut off. */
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const DESIGNATION = Buffer.from("\x1b$)C", "latin1");

/** ISO-2022-KR as EUC-KR, which decoders know. */
function unshift(bytes: Buffer): Buffer {
  const out = Buffer.alloc(bytes.length);
  let [length, isShifted] = [0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    // A line ends every shift.
    if (byte === SHIFT_OUT || byte === SHIFT_IN || byte === 0x0a) isShifted = byte === SHIFT_OUT;
    if (byte === SHIFT_OUT || byte === SHIFT_IN) continue;
    if (byte === 0x1b && bytes.subarray(at, at + 4).equals(DESIGNATION)) {
      at += 3;
      continue;
    }
    out[length++] = isShifted && byte > 0x20 ? byte | 0x80 : byte;
  }
  return out.subarray(0, length);
}

/** Text of foreign bytes: by the charset they claim, else as UTF-8, else as Korean (EUC-KR). Never throws; what is no text is marked. */
export function decodeText(bytes: Buffer, charset: string | null): string {
  const label =
    charset
      ?.trim()
      .toLowerCase()
      .replace(/^["']|["']$/g, "") ?? "";
  if (/^(iso-?2022-?kr|csiso2022kr)$/.test(label)) return new TextDecoder("euc-kr").decode(unshift(bytes));
  const claimed = decoderOf(label);
  if (claimed !== null && !/^(us-)?ascii$|^$/.test(label)) return claimed.decode(bytes);
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : new TextDecoder("euc-kr").decode(bytes);
}

/** The windows code page of Korean has a name of its own in mail. */
const OTHER_NAMES: { readonly [label: string]: string } = {
  cp949: "euc-kr",
  ms949: "euc-kr",
  "x-windows-949": "euc-kr",
  uhc: "euc-kr",
};

function decoderOf(label: string): TextDecoder | null {
  try {
    return new TextDecoder(OTHER_NAMES[label] ?? label);
  } catch {
    return null;
  }
}

export function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Bytes of one text part that are kept for decoding; what is beyond is dropped. */
const MOST_BYTES = 1024 * 1024;

/** As mailparser's `Iconv`: decodes a stream of a charset into UTF-8. */
export class CharsetStream extends Transform {
  readonly #charset: string;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  constructor(charset: string) {
    super();
    this.#charset = charset;
  }
  /** libmime's: encoded words of parts' own headers, which we never show. */
  convert(bytes: Buffer | string): Buffer {
    return Buffer.from(decodeText(Buffer.from(bytes as string, "latin1"), this.#charset));
  }
  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    if (this.#length < MOST_BYTES) this.#chunks.push(chunk);
    this.#length += chunk.length;
    done();
  }
  override _flush(done: TransformCallback): void {
    done(null, decodeText(Buffer.concat(this.#chunks).subarray(0, MOST_BYTES), this.#charset));
  }
}
