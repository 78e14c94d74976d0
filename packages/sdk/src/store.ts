/**
 * Where the sdk keeps what must outlive a restart: lines of text under a name. When a promise resolves, the lines are safe.
 * Bring your own (a table, a bucket) or take `folderStore`.
 */
export type Store = {
  /** The lines in order; none when nothing was kept yet. A line that was cut off in writing is left out. */
  read(name: StoreName): Promise<readonly string[]>;
  /** Adds lines at the end. */
  append(name: StoreName, lines: readonly string[]): Promise<void>;
  /** Puts lines in place of all there were: all of it takes effect, or nothing. */
  replace(name: StoreName, lines: Iterable<string>): Promise<void>;
};

export type StoreName = "list" | "answers" | "notices";

/** Keeps everything until the process ends: for tests and trials. A restart reads the list anew and forgets what it saw. */
export function memoryStore(): Store {
  const kept = new Map<StoreName, string[]>();
  return {
    read: async (name) => [...(kept.get(name) ?? [])],
    append: async (name, lines) => void kept.set(name, [...(kept.get(name) ?? []), ...lines]),
    replace: async (name, lines) => void kept.set(name, [...lines]),
  };
}
