import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Match, Uploaded } from "@jikim/sdk";

/** A post. Each state holds just the facts true in it; only what is shown or held has a picture on disk. */
export type Post = {
  /** Its address: /p/ and this. */
  readonly id: string;
  /** One for each upload, also when an address is used again. */
  readonly upload: string;
  readonly title: string;
  readonly at: string;
  /** Of each frame; matched again when the list changes. */
  readonly uploaded: readonly Uploaded[];
  readonly type: string;
  readonly state: PostState;
};

export type PostState =
  /** `released`: entries that a reviewer found not to apply. */
  | { readonly kind: "shown"; readonly released: readonly string[] }
  | { readonly kind: "held"; readonly matches: readonly Match[]; readonly released: readonly string[] }
  | { readonly kind: "blocked"; readonly basis: Match["basis"] }
  | { readonly kind: "removed"; readonly noticeId: string };

export type Media = { readonly bytes: Uint8Array; readonly type: string };

/** The posts, in a folder: one JSON file and one picture each. */
export type Board = {
  find(id: string): Post | undefined;
  /** Newest first. */
  all(): readonly Post[];
  media(id: string): Promise<Uint8Array>;
  /** A new post, also at the address of one that is gone. False when the address is taken. */
  add(post: Post, media: Media): Promise<boolean>;
  /**
   * Gives a post its next state, one change after the other; null leaves it, and null comes back. The picture goes when the
   * state shows none.
   */
  change(
    id: string,
    next: (post: Post) => PostState | null,
  ): Promise<{ readonly before: Post; readonly now: Post } | null>;
};

export async function openBoard(data: string): Promise<Board> {
  const folder = { posts: join(data, "posts"), media: join(data, "media") };
  for (const each of Object.values(folder)) await mkdir(each, { recursive: true, mode: 0o700 });
  const posts = new Map<string, Post>();
  for (const name of await readdir(folder.posts)) {
    if (!name.endsWith(".json")) continue;
    const post = JSON.parse(await readFile(join(folder.posts, name), "utf8")) as Post;
    posts.set(post.id, post);
  }
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const mine = last.then(task);
    last = mine.catch(() => undefined);
    return mine;
  };
  const mediaFile = (id: string) => join(folder.media, id);
  const keep = async (post: Post) => {
    await writeSafely(join(folder.posts, `${post.id}.json`), JSON.stringify(post));
    posts.set(post.id, post);
  };

  return {
    find: (id) => posts.get(id),
    all: () => [...posts.values()].sort((a, b) => b.at.localeCompare(a.at)),
    media: (id) => readFile(mediaFile(id)),
    add: (post, { bytes }) =>
      inTurn(async () => {
        const old = posts.get(post.id);
        if (old !== undefined && hasPicture(old.state)) return false;
        await writeSafely(mediaFile(post.id), bytes);
        await keep(post);
        return true;
      }),
    change: (id, next) =>
      inTurn(async () => {
        const post = posts.get(id);
        const state = post === undefined ? null : next(post);
        if (post === undefined || state === null) return null;
        const now = { ...post, title: hasPicture(state) ? post.title : "", state };
        await keep(now);
        if (!hasPicture(state)) await rm(mediaFile(id), { force: true });
        return { before: post, now };
      }),
  };
}

function hasPicture(state: PostState): boolean {
  return state.kind === "shown" || state.kind === "held";
}

/** Either the old file or the new one is there after a crash. */
async function writeSafely(file: string, content: string | Uint8Array): Promise<void> {
  const fresh = `${file}.${randomUUID()}.new`;
  const handle = await open(fresh, "w", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}
