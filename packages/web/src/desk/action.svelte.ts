import { tick } from "svelte";
import { ApiRefusal } from "../shared/api.ts";
import { sayTrouble } from "./trouble.ts";
import { lock } from "./worker.svelte.ts";

/** One thing a person can set off: whether it is under way, and in words why it failed. */
export type Action = {
  readonly busy: boolean;
  readonly trouble: string | null;
  /** Does it, once at a time. False when it failed (the reason is in `trouble`) or is already under way. */
  run(work: () => Promise<unknown>): Promise<boolean>;
};

export function makeAction(): Action {
  let busy = $state(false);
  let failure: unknown = $state.raw(null);
  return {
    get busy() {
      return busy;
    },
    get trouble() {
      return failure === null ? null : sayTrouble(failure);
    },
    async run(work) {
      if (busy) return false;
      const focused = document.activeElement;
      const [form, section] = [focused?.closest("form") ?? null, focused?.closest("section") ?? null];
      busy = true;
      failure = null;
      try {
        await work();
        return true;
      } catch (error) {
        failure = error;
        if (error instanceof ApiRefusal && error.code === "SESSION_MISSING") await lock();
        return false;
      } finally {
        busy = false;
        void tick().then(() => giveFocusBack(focused, form, section));
      }
    },
  };
}

/**
 * A button that was disabled or went away with its act drops the focus; whoever works by keyboard goes on where she was, else in
 * the text she wrote, else at the heading of that part of the page.
 */
function giveFocusBack(focused: Element | null, form: Element | null, section: Element | null): void {
  const near = [focused, form?.querySelector("textarea"), section?.querySelector("h2[tabindex]")];
  for (const element of near)
    if (document.activeElement === document.body && element instanceof HTMLElement && element !== document.body)
      element.focus();
}
