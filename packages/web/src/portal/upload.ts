import { ApiRefusal, NetworkLost } from "../shared/api.ts";

/** A sealed file on its way. */
export type Upload = {
  readonly path: `/api/${string}`;
  readonly file: Blob;
  readonly headers: Readonly<Record<string, string>>;
  /** 0 to 1, as it goes. */
  readonly onShare: (share: number) => void;
  readonly signal: AbortSignal;
};

/**
 * Sends a sealed file. By XMLHttpRequest, which alone tells how far it is (fetch does not, WHATWG Fetch).
 * @throws {ApiRefusal} @throws {NetworkLost}
 */
export function upload({ path, file, headers, onShare, signal }: Upload): Promise<void> {
  return new Promise((done, fail) => {
    if (signal.aborted) return fail(new NetworkLost());
    const request = new XMLHttpRequest();
    request.open("PUT", path);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("accept-language", document.documentElement.lang);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onShare(total > 0 ? loaded / total : 0);
    request.onload = () => (request.status < 300 ? done() : fail(refusalOf(request)));
    request.onerror = () => fail(new NetworkLost());
    request.onabort = () => fail(new NetworkLost());
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function refusalOf({ status, responseText }: XMLHttpRequest): ApiRefusal {
  try {
    const { error } = JSON.parse(responseText) as { error: { code: unknown; message: unknown } };
    return new ApiRefusal(status, String(error.code), String(error.message));
  } catch {
    return new ApiRefusal(status, "", "");
  }
}
