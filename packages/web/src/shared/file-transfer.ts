import { ApiRefusal, NetworkLost, refusalOf } from "./api.ts";

/**
 * Fetches a sealed file. A large one is kept by the browser outside the page's memory.
 * @throws {ApiRefusal} @throws {NetworkLost}
 */
export async function askFile(path: `/api/${string}`, headers: Readonly<Record<string, string>> = {}): Promise<Blob> {
  const response = await fetch(path, {
    headers: { "accept-language": document.documentElement.lang, ...headers },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    referrerPolicy: "no-referrer",
  }).catch(() => {
    throw new NetworkLost();
  });
  if (!response.ok) throw refusalOf(response.status, await response.json().catch(() => undefined));
  return response.blob().catch(() => {
    throw new NetworkLost();
  });
}

/**
 * Sends a sealed file and says how far it is. By XMLHttpRequest: fetch tells nothing of what was sent.
 * @param share  called with 0 to 1.
 * @throws {ApiRefusal} @throws {NetworkLost}
 */
export function sendFile<T>(
  path: `/api/${string}`,
  file: Blob,
  headers: Readonly<Record<string, string>>,
  share: (share: number) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", path);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("accept-language", document.documentElement.lang);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => share(total === 0 ? 1 : loaded / total));
    request.addEventListener("error", () => reject(new NetworkLost()));
    request.addEventListener("load", () => {
      const value = parse(request.responseText);
      if (request.status >= 400) reject(refusalOf(request.status, value));
      else if (value === undefined) reject(new ApiRefusal(request.status, "REFUSED", ""));
      else resolve(value as T);
    });
    request.send(file);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
