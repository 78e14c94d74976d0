/**
 * The browser's own Back and Forward, without a pile of entries: a visit has at most `DEPTH` entries beyond the first, all with the
 * same address and title. Entries are added only when she acts, since browsers skip those that a page adds by itself.
 */
const DEPTH = 5;

type Moves = {
  /** One page back; false when this is the first one, and Back should leave. */
  readonly back: () => boolean;
  readonly forward: () => void;
};

/** Takes over Back and Forward for this visit. */
export function takeBackButton({ back, forward }: Moves): void {
  let at = 0;
  history.replaceState({ at }, "");
  const deepen = () => {
    while (at < DEPTH) history.pushState({ at: ++at }, "");
  };
  addEventListener("click", deepen);
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") deepen();
  });
  addEventListener("popstate", (event: PopStateEvent) => {
    const to = Number((event.state as { at?: unknown } | null)?.at ?? 0);
    const steps = to - at;
    at = to;
    for (let step = 0; step < -steps; step++) if (!back()) return history.go(-(to + 1));
    for (let step = 0; step < steps; step++) forward();
  });
}
