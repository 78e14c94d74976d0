import { execFile } from "node:child_process";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { type Rgb, rgbOf } from "./edit-list.ts";

const run = promisify(execFile);

/** Tuning packages may be looked at while the method is changed; on the others it is only reported. */
export type Use = "tuning" | "reporting";

type Source = {
  /** Debian package, fetched when the benchmark runs, never committed. */
  readonly name: string;
  readonly use: Use;
  /** What is taken of its files, by the path within the package. */
  readonly taken: RegExp;
};

const ANY = /\.(jpe?g|png|webp)$/;

/**
 * The tuning packages are taken whole but for `LEFT_OUT`. Of the reporting ones every photograph without people in it is
 * taken; they were told from drawings, charts, cut-out objects and repeated views on a contact sheet, before any result.
 */
const SOURCES: readonly Source[] = [
  { name: "lomiri-wallpapers-16.04", use: "tuning", taken: ANY },
  { name: "lomiri-wallpapers-20.04", use: "tuning", taken: ANY },
  { name: "mate-backgrounds", use: "tuning", taken: ANY },
  { name: "plasma-workspace-wallpapers", use: "tuning", taken: ANY },
  { name: "ukui-wallpapers", use: "tuning", taken: ANY },
  { name: "gnome-backgrounds", use: "tuning", taken: ANY },
  { name: "palapeli-data", use: "tuning", taken: /collection\/[\w-]+\.jpg$/ },
  {
    name: "tuxpaint-data",
    use: "reporting",
    taken: /templates\/\w+\.jpg$|starters\/(reef|skyline-sf-dusk)-back\.\w+$/,
  },
  {
    name: "lxqt-themes",
    use: "reporting",
    taken:
      /\/(Butterfly-Kenneth-Wimer|Valendas|after-the-rain|appleflower|beam|butterfly|cloud|drop|flowers|fog|this-is-not-windows)\.\w+$/,
  },
  {
    name: "libelementary-data",
    use: "reporting",
    taken: /images\/(mystrale|mystrale_2|panel_01|plant_01|rock_0\d|sky_0\d|wood_01)\.jpg$/,
  },
  { name: "forensics-samples-files", use: "reporting", taken: /original-files\/pic\d\/IMG[-_][\w-]+\.jpe?g$/i },
  { name: "kalzium-data", use: "reporting", taken: /toolpics\/\w+\.jpg$/ },
  {
    name: "python3-skimage",
    use: "reporting",
    taken: /data\/(brick|chelsea|coffee|coins|grass|gravel|hubble_deep_field|moon|motorcycle_left|rocket)\.\w+$/,
  },
  {
    name: "opencv-doc",
    use: "reporting",
    taken:
      /examples\/(alphamat\/input_images\/plant|hfs\/data\/000|text\/scenetext\d+|text\/scenetext_segmented_word0[1-4]|data\/(aero1|aloeL|apple|baboon|board|box_in_scene|building|butterfly|chicky_512|ela_original|fruits|graf1|home|left|leuvenA|licenseplate_motion|orange|rubberwhale1|squirrel_cls|stuff))\.\w+$/,
  },
];

/**
 * Logos and abstract drawings by the name of their folder, thumbnails, other cuts and colours of a picture that is taken
 * already, and screenshots of the desktop it was made for.
 */
const LEFT_OUT =
  /\/mate\/(desktop|abstract)\/|screenshot|images_dark|1080x1920|720x1440|1622x2880|5640x3172|-d\.webp$|\/icons\//;
const LEAST_BYTES = 20_000;
const LEAST_SIDE = 350;
const LONGEST_SIDE = 800;

/** The folder with a package's files. It is kept in the temporary folder for the next run. */
async function unpacked(name: string): Promise<string> {
  const folder = join(tmpdir(), "jikim-bench-photos", name);
  const content = join(folder, "content");
  if (await stat(content).catch(() => null)) return content;
  const part = join(folder, "part");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run("apt-get", ["download", name], { cwd: folder });
  const archive = (await readdir(folder)).find((file) => file.endsWith(".deb"));
  if (archive === undefined) throw new Error(`apt-get download ${name} left no file`);
  await run("dpkg-deb", ["-x", join(folder, archive), part]);
  await rm(join(folder, archive));
  await rename(part, content);
  return content;
}

async function filesOf({ name, taken }: Source): Promise<string[]> {
  const files = await readdir(await unpacked(name), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const chosen = paths.filter((path) => taken.test(path) && !LEFT_OUT.test(path)).sort();
  const sizes = await Promise.all(chosen.map(async (path) => (await stat(path)).size));
  return chosen.filter((_, at) => (sizes[at] ?? 0) >= LEAST_BYTES);
}

export type Photo = { readonly from: string; readonly file: string; readonly picture: Rgb };

/** Real, harmless pictures of one use, at least 350 pixels on the longer side and brought to at most 800. */
export async function photos(use: Use): Promise<Photo[]> {
  const all: Photo[] = [];
  for (const source of SOURCES.filter((one) => one.use === use)) {
    for (const file of await filesOf(source)) {
      const limits = { fit: "inside", withoutEnlargement: true } as const;
      const picture = await rgbOf(sharp(file).autoOrient().resize(LONGEST_SIDE, LONGEST_SIDE, limits));
      if (Math.max(picture.width, picture.height) >= LEAST_SIDE) all.push({ from: source.name, file, picture });
    }
  }
  return all;
}

/** Of these wallpapers crops are made for the index; they are large. */
const LARGE = ["gnome-backgrounds", "lomiri-wallpapers-16.04", "lomiri-wallpapers-20.04", "ukui-wallpapers"];

/** Paths of real, harmless pictures, large enough to cut millions of crops from. */
export async function largeFiles(): Promise<string[]> {
  const paths: string[] = [];
  for (const source of SOURCES.filter(({ name }) => LARGE.includes(name))) paths.push(...(await filesOf(source)));
  return paths;
}
