/**
 * What phones of about 2021 lack and this page needs: URL.canParse (Chrome 120, Safari 17), crypto.randomUUID (Chrome 92,
 * Safari 15.4), AbortSignal.throwIfAborted (Chrome 100, Safari 15.4), Array.findLast and at (Chrome 97 and 92, Safari 15.4).
 */
function canParse(url: string | URL, base?: string | URL): boolean {
  try {
    return Boolean(new URL(url, base));
  } catch {
    return false;
  }
}

/** RFC 9562, section 5.4. */
function randomUUID(): `${string}-${string}-${string}-${string}-${string}` {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function throwIfAborted(this: AbortSignal): void {
  if (this.aborted) throw new DOMException("left", "AbortError");
}

function findLast<T>(this: readonly T[], test: (value: T, at: number, all: readonly T[]) => boolean): T | undefined {
  for (let at = this.length - 1; at >= 0; at--) {
    const value = this[at] as T;
    if (test(value, at, this)) return value;
  }
  return undefined;
}

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  return this[index < 0 ? this.length + index : index];
}

/** Gives `name` to `target` where it is missing. */
function fill(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

fill(URL, "canParse", canParse);
fill(crypto, "randomUUID", randomUUID);
fill(AbortSignal.prototype, "throwIfAborted", throwIfAborted);
fill(Array.prototype, "findLast", findLast);
for (const target of [Array, String, Uint8Array]) fill(target.prototype, "at", at);
