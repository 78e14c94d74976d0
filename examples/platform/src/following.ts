import { join } from "node:path";
import { type Centre, followCentre, JikimRefusal, type NoticeHandler } from "@jikim/sdk";
import { folderStore } from "@jikim/sdk/folder-store";
import { type CentreSettings, readCentreFile } from "./settings.ts";

/** The centre that is followed; `unlinked` before one is set up; `starting` while nothing of it is in force yet. */
export type Linked = Centre | "unlinked" | "starting";

export type Following = { linked(): Linked; stop(): Promise<void> };

export type FollowingParts = {
  readonly data: string;
  /** Fixed by the environment; null: `DATA/jikim.json` is watched. */
  readonly settings: CentreSettings | null;
  /** Time between two looks at the list. */
  readonly everyMs: number;
  readonly onNotice: NoticeHandler;
  /** The list changed, or a centre was taken up: look at the board again. */
  readonly onChange: (centre: Centre) => Promise<void>;
  readonly log: (event: Record<string, unknown>) => void;
};

const WATCH_MS = 500;

/** Resolves at once; the centre is reached in the background, and `linked` tells. */
export async function startFollowing(parts: FollowingParts): Promise<Following> {
  let linked: Linked = "starting";
  let known = "";
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const take = async (settings: CentreSettings | null): Promise<void> => {
    if (settings === null && known === "") linked = "unlinked";
    if (settings === null || stopped || JSON.stringify(settings) === known) return;
    known = JSON.stringify(settings);
    const old = linked;
    linked = "starting";
    if (typeof old === "object") await old.stop();
    try {
      linked = await follow(settings, parts);
      parts.log({ event: "following", list: linked.status().number });
      await parts.onChange(linked);
    } catch (problem) {
      parts.log({ event: "settings-refused", code: problem instanceof JikimRefusal ? problem.code : "UNKNOWN" });
    }
  };
  const watch = async (): Promise<void> => {
    await take(await readCentreFile(parts.data));
    if (!stopped) timer = setTimeout(look, WATCH_MS);
  };
  let looking: Promise<void> = Promise.resolve();
  const look = (): void => {
    looking = watch();
  };
  if (parts.settings !== null) looking = take(parts.settings);
  else {
    if ((await readCentreFile(parts.data)) === null) linked = "unlinked";
    look();
  }
  return {
    linked: () => linked,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      if (typeof linked === "object") await linked.stop();
    },
  };
}

/** State is kept by root: another centre's list is another list. */
async function follow(
  settings: CentreSettings,
  { data, everyMs, onNotice, onChange, log }: FollowingParts,
): Promise<Centre> {
  let followed: Centre | null = null;
  let last: string | null = null;
  followed = await followCentre({
    ...settings,
    everyMs,
    store: folderStore(join(data, "jikim", settings.root.slice(0, 16))),
    onNotice,
    // What is read before this resolves is looked at by `take`.
    onChange: async () => {
      if (followed !== null) await onChange(followed);
    },
    onProblem: ({ code, message }) => {
      if (code !== last) log({ event: "problem", code, message });
      last = code;
    },
  });
  return followed;
}
