/** One line of the story: a step that held, or the one it broke at. */
export type Told =
  | { readonly step: string; readonly ok: true; readonly ms: number }
  | { readonly step: string; readonly ok: false; readonly ms: number; readonly error: string };

/** Plays a step by its name and gives what it found out. @throws {StoryBroken} */
export type Step = <T>(name: string, act: () => Promise<T>) => Promise<T>;

/** A step did not hold; it has been told. */
export class StoryBroken extends Error {
  override readonly name = "StoryBroken";
}

/** Steps that are told to `say` as they end. */
export function stepsTo(say: (told: Told) => void): Step {
  return async (step, act) => {
    const begun = performance.now();
    const ms = () => Math.round(performance.now() - begun);
    try {
      const found = await act();
      say({ step, ok: true, ms: ms() });
      return found;
    } catch (problem) {
      const error = withoutColours(problem instanceof Error ? problem.message : String(problem));
      say({ step, ok: false, ms: ms(), error });
      throw new StoryBroken(`${step}: ${error}`, { cause: problem });
    }
  };
}

/** Playwright's messages carry terminal colours. */
function withoutColours(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d*m`, "g"), "");
}

/** Holds a step to what must be true. @throws when it is not. */
export function must(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

/** Asks again until it is so. @throws when `seconds` have passed. */
export async function within(seconds: number, what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
