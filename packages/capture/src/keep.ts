import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  bitsApart,
  type Fingerprint,
  MATCH_BITS,
  MIN_QUALITY,
  matchFamilies,
  type Pixels,
  queriesOf,
} from "@jikim/fingerprint";
import { Encrypter } from "age-encryption";
import type { Keep } from "./record.ts";

/** Keeps bodies that are her own items, and nothing else. */
export type Keeper = {
  /** Whether a picture is one of her items, or an edited copy of one. */
  knows(picture: Pixels): boolean;
  /** The same of a film, by its frames: one that is hers is enough. */
  knowsFrames(frames: readonly Fingerprint[]): boolean;
  /** Encrypts a body to the recipient, and only then writes it. The same body is kept once. Empty when there is no room for more. */
  keep(body: Uint8Array): Promise<{ sealed?: string }>;
};

const MOST_KEPT = 500;

/** @param folder  where `kept-1.age` and so on are written. */
export function openKeeper({ recipient, items }: Keep, folder: string): Keeper {
  const families = items.map((item) =>
    item.map(
      ({ at, part, ...each }): Fingerprint => ({
        ...each,
        ...(at === undefined ? {} : { at }),
        ...(part === undefined ? {} : { part }),
      }),
    ),
  );
  const pictures = families.flat().filter(({ kind, quality }) => kind !== "view" && quality >= MIN_QUALITY);
  const names = new Map<string, Promise<{ sealed?: string }>>();
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const seal = async (body: Uint8Array, name: string) => {
    await writeFile(join(folder, name), await encrypter.encrypt(body), { flag: "wx", mode: 0o600 });
    return { sealed: name };
  };
  return {
    knows(picture) {
      const queries = queriesOf(picture);
      return families.some((family) => matchFamilies(queries, family) !== null);
    },
    knowsFrames(frames) {
      const rich = frames.filter(({ quality }) => quality >= MIN_QUALITY);
      return rich.some(({ value }) => pictures.some((one) => bitsApart(one.value, value) <= MATCH_BITS));
    },
    keep(body) {
      const digest = createHash("sha256").update(body).digest("hex");
      const kept =
        names.get(digest) ?? (names.size < MOST_KEPT ? seal(body, `kept-${names.size + 1}.age`) : Promise.resolve({}));
      names.set(digest, kept);
      return kept;
    },
  };
}
