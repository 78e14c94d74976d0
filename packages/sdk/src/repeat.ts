/** Something done again and again, one run at a time. */
export type Repeated = {
  /** Runs it as soon as the run under way has ended, and waits for it; never throws. */
  now(): Promise<void>;
  /** Ends it after the run under way. */
  stop(): Promise<void>;
};

/**
 * @param task  told of no failure: it catches its own and returns false, and is then asked less often, at most four times as
 *   slowly, since a centre that comes back must take effect within seconds.
 */
export function repeat(task: () => Promise<boolean>, everyMs: number): Repeated {
  let stopped = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();

  const run = async (): Promise<void> => {
    if (stopped) return;
    failures = (await task()) ? 0 : failures + 1;
  };
  const schedule = (): void => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(now, everyMs * Math.min(4, 2 ** failures));
  };
  const now = (): Promise<void> => {
    clearTimeout(timer);
    running = running.then(run).finally(schedule);
    return running;
  };
  schedule();
  return {
    now,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
