const bytesOf = new WeakMap<object, Uint8Array<ArrayBuffer>>();

/** A Blob that can be read at once where there is no FileReaderSync: on a page and in Node. */
export function blobOf(bytes: Uint8Array<ArrayBuffer>): Blob {
  const blob = new Blob([bytes]);
  bytesOf.set(blob, bytes);
  blob.slice = (start = 0, end = bytes.length) => {
    const part = new Blob([]);
    bytesOf.set(part, bytes.slice(start, end));
    return part;
  };
  return blob;
}

function ReaderAtOnce() {
  return { readAsArrayBuffer: (blob: Blob) => bytesOf.get(blob)?.slice().buffer ?? new ArrayBuffer(0) };
}

/** Whether the library reads by our stand-in; only workers of a browser have a FileReaderSync of their own. */
export function standsIn(): boolean {
  if (!("FileReaderSync" in globalThis)) {
    Object.defineProperty(globalThis, "FileReaderSync", { value: ReaderAtOnce, configurable: true });
  }
  return Reflect.get(globalThis, "FileReaderSync") === ReaderAtOnce;
}
