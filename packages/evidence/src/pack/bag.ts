import type { Digests } from "./digest.ts";

/** A BagIt folder (RFC 8493): what it says of its files, which `sha256sum -c` reads as well. */
export type Listed = { readonly path: string } & Pick<Digests, "sha256" | "sha512">;

/** The folder that a pack unpacks into. */
export function packFolder(packId: string): string {
  return `jikim-pack-${packId}`;
}

export const BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

export function bagInfo(facts: {
  readonly packId: string;
  readonly date: string;
  readonly bytes: number;
  readonly files: number;
}): string {
  const { packId, date, bytes, files } = facts;
  return `External-Identifier: ${packId}\nBagging-Date: ${date}\nPayload-Oxum: ${bytes}.${files}\n`;
}

export function writeManifest(listed: readonly Listed[], digest: "sha256" | "sha512"): string {
  return listed.map((each) => `${each[digest]}  ${each.path}\n`).join("");
}

/** Path to digest; null when a line is of another form, or a path comes twice. */
export function readManifest(text: string, digest: "sha256" | "sha512"): ReadonlyMap<string, string> | null {
  const form = digest === "sha256" ? /^([0-9a-f]{64}) {2}(\S+)$/ : /^([0-9a-f]{128}) {2}(\S+)$/;
  const found = new Map<string, string>();
  for (const line of text.split("\n").slice(0, -1)) {
    const [, value, path] = form.exec(line) ?? [];
    if (value === undefined || path === undefined || found.has(path)) return null;
    found.set(path, value);
  }
  return text.endsWith("\n") ? found : null;
}
