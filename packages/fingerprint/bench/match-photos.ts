import { execFile } from "node:child_process";
import { mkdir, readdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Debian packages of wallpapers: landscapes, plants, patterns. Fetched when the benchmark runs, never committed. */
const PACKAGES = ["gnome-backgrounds", "lomiri-wallpapers-16.04", "lomiri-wallpapers-20.04", "ukui-wallpapers"];
const LEAST_BYTES = 60_000;

async function unpack(name: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run("apt-get", ["download", name], { cwd: folder });
  const archive = (await readdir(folder)).find((file) => file.endsWith(".deb"));
  if (archive === undefined) throw new Error(`apt-get download ${name} left no file`);
  await run("dpkg-deb", ["-x", join(folder, archive), join(folder, "content")]);
}

async function picturesUnder(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const pictures = files.filter((file) => file.isFile() && /\.(jpe?g|png|webp)$/i.test(file.name));
  const paths = pictures.map((file) => join(file.parentPath, file.name)).sort();
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return paths.filter((_, at) => (sizes[at] ?? 0) >= LEAST_BYTES);
}

/** Paths of real, harmless photos. They are kept in the temporary folder for the next run. */
export async function photoFiles(): Promise<string[]> {
  const paths: string[] = [];
  for (const name of PACKAGES) {
    const folder = join(tmpdir(), "jikim-bench-photos", name);
    if (!(await stat(join(folder, "content")).catch(() => null))) await unpack(name, folder);
    paths.push(...(await picturesUnder(join(folder, "content"))));
  }
  return paths;
}
