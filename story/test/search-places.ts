import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";

/** Everything a thief of the database could read: each row of each table in every schema, binary columns as hex and decoded. */
export async function dumpDatabase(folder: string): Promise<Buffer> {
  const client = new pg.Client({ host: join(folder, "postgres", "run"), user: "postgres", database: "jikim" });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname <> 'information_schema'",
    );
    const parts: Buffer[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      const text = rows.map(({ row }) => row).join("\n");
      parts.push(Buffer.from(`\n${name}\n${text}`), ...decoded(text));
    }
    return Buffer.concat(parts);
  } finally {
    await client.end();
  }
}

function decoded(text: string): Buffer[] {
  return [...text.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex = ""]) =>
    Buffer.from(`${hex.length % 2 ? "0" : ""}${hex}`, "hex"),
  );
}

/** Every file under a folder, as it lies on the disk: tables, indexes, write-ahead log, keys, logs. */
export async function rawFiles(folder: string): Promise<Buffer> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const parts: Buffer[] = [];
  for (const file of files) {
    // What PostgreSQL has just removed is not there any more.
    if (file.isFile()) parts.push(await readFile(join(file.parentPath, file.name)).catch(() => Buffer.alloc(0)));
  }
  return Buffer.concat(parts);
}

/** What was said in mail, with the line breaks of base64 and quoted-printable taken out. */
export function unfoldedMail(sent: Buffer): Buffer {
  const text = sent.toString("latin1");
  const unquoted = text
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from([text, unquoted, text.replaceAll("\r\n", "")].join("\n"), "latin1");
}
