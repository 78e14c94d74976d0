/** How a byte string may be written into traffic, a database or a log. */
function spellings(needle: Buffer): Buffer[] {
  const base64 = [0, 1, 2].map((skip) => {
    const text = Buffer.concat([Buffer.alloc(skip), needle]).toString("base64");
    return text
      .slice(Math.ceil((skip * 4) / 3), Math.floor(((needle.length + skip) * 4) / 3 / 4) * 4)
      .replace(/=+$/, "");
  });
  const webSafe = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const hex = needle.toString("hex");
  const inJson = JSON.stringify(needle.toString("utf8")).slice(1, -1);
  const percent = encodeURIComponent(needle.toString("utf8"));
  const texts = [...base64, ...webSafe, hex, hex.toUpperCase(), inJson, percent].filter((text) => text.length >= 8);
  return [needle, Buffer.from(needle.toString("utf8"), "utf16le"), ...texts.map((text) => Buffer.from(text))];
}

/** True when the bytes hold the needle, plainly or in base64 (either alphabet, any alignment), hex, JSON, UTF-16 or percent form. */
export function holds(haystack: Buffer, needle: Buffer | string): boolean {
  const bytes = typeof needle === "string" ? Buffer.from(needle) : needle;
  return spellings(bytes).some((spelling) => haystack.includes(spelling));
}

/** Twenty-four-byte pieces spread over a file, of those that are not all one byte: enough that any larger part of it is noticed. */
export function pieces(bytes: Buffer, count = 40): Buffer[] {
  const step = Math.max(24, Math.floor(bytes.length / count));
  const found: Buffer[] = [];
  for (let at = 0; at + 24 <= bytes.length; at += step) {
    const piece = bytes.subarray(at, at + 24);
    if (new Set(piece).size > 6) found.push(piece);
  }
  return found;
}
