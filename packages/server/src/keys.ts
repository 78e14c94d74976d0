import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { newSigningKey, publicKeyOf, type SigningKey } from "@jikim/evidence";

/** The keys of a running server, in the data folder beside the database's folder and never inside it. */
export type ServerKeys = {
  /** 32 bytes; without them the database's sealed columns are lost. */
  readonly dataKey: Buffer;
  readonly service: SigningKey;
  /** Whether a key was missing, and is new. */
  readonly fresh: boolean;
  readonly folder: string;
};

/** The keys at hand are not those of this database, or cannot be read: the message is a plain sentence for the operator. */
export class KeyTrouble extends Error {
  override readonly name = "KeyTrouble";
}

/**
 * Reads the keys; makes those that are missing, without writing them yet: a new key must not be kept beside a database that was
 * written with another.
 * @throws {KeyTrouble} when a file is damaged.
 */
export async function readKeys(dataFolder: string): Promise<ServerKeys> {
  const folder = join(dataFolder, "keys");
  const dataKey = await readKey(join(folder, "data-key"));
  const service = await readKey(join(folder, "service-key"));
  const secret = service?.toString("hex");
  return {
    dataKey: dataKey ?? randomBytes(32),
    service: secret === undefined ? newSigningKey() : { secret, public: publicKeyOf(secret) },
    fresh: dataKey === null || service === null,
    folder,
  };
}

/** Writes new keys to disk, for our account only, before anything is encrypted under them. */
export async function keepKeys({ dataKey, service, fresh, folder }: ServerKeys): Promise<void> {
  if (!fresh) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await writeKey(join(folder, "data-key"), dataKey.toString("hex"));
  await writeKey(join(folder, "service-key"), service.secret);
  const directory = await open(folder);
  await directory.sync();
  await directory.close();
}

async function readKey(path: string): Promise<Buffer | null> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new KeyTrouble(`${path} cannot be read (${error.code}).`);
  });
  if (text === null) return null;
  if (!/^[0-9a-f]{64}\s*$/.test(text)) throw new KeyTrouble(`${path} is damaged: it must hold 64 hex digits.`);
  return Buffer.from(text.trim(), "hex");
}

/** Never over an existing key. */
async function writeKey(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return null;
    throw error;
  });
  if (file === null) return;
  await file.writeFile(`${text}\n`);
  await file.sync();
  await file.close();
}
