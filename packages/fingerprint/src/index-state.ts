import { freeze, type RowSource, sourceOf } from "./index-freeze.ts";
import { createNames, type NameBook, type Names } from "./index-names.ts";
import { createPart, GROWING_ROWS, liveRows, MOST_ROWS, type Part, rowsIn, withdrawOwner } from "./index-part.ts";

// The parts stand as in a log-structured store: a growing part takes new rows; when it is full it is frozen, and frozen
// parts of like size are merged. Freezing and merging are cut into slices of about a tenth of a millisecond, and a few
// slices are done with each add, so neither an add nor a look-up ever waits for more than a slice.

const ADDS_A_SLICE = 8;

type Job = {
  readonly sources: readonly Part[];
  readonly size: number;
  slices: Generator<void, Part | null>;
  /** Owners withdrawn since the job began. */
  readonly withdrawn: number[];
};

export type IndexState = {
  readonly names: NameBook;
  growing: Part;
  /** Full growing parts that are being frozen, and the frozen parts. */
  settled: Part[];
  jobs: Job[];
  addsSinceSlice: number;
  /** Told whenever a part has come or gone; each with the number of its reader. */
  readonly watchers: Map<() => void, number>;
};

/** What a look-up needs: the writer's index, or a reader's view of it. */
export type Searchable = { readonly names: Names; readonly parts: readonly Part[] };

export function createState(names: NameBook = createNames()): IndexState {
  const growing = createPart("growing", GROWING_ROWS);
  return { names, growing, settled: [], jobs: [], addsSinceSlice: 0, watchers: new Map() };
}

export function partsOf(state: IndexState): Part[] {
  return [state.growing, ...state.settled];
}

function tell(state: IndexState): void {
  for (const watcher of state.watchers.keys()) watcher();
}

function startJob(state: IndexState, sources: readonly Part[]): void {
  const size = sources.reduce((sum, part) => sum + liveRows(part), 0);
  state.jobs.push({ sources, size, slices: freeze(sources.map(sourceOf)), withdrawn: [] });
  state.jobs.sort((a, b) => a.size - b.size);
}

function isBusy(state: IndexState, part: Part): boolean {
  return state.jobs.some((job) => job.sources.includes(part));
}

/** Merges the smaller parts as long as the next one is at most twice as large as all before it together. */
function startMerge(state: IndexState): void {
  const idle = state.settled.filter((part) => part.kind === "frozen" && !isBusy(state, part));
  idle.sort((a, b) => liveRows(a) - liveRows(b));
  const group: Part[] = [];
  let sum = 0;
  for (const part of idle) {
    const rows = liveRows(part);
    if (group.length > 0 && (rows > 2 * sum || sum + rows > MOST_ROWS)) break;
    group.push(part);
    sum += rows;
  }
  if (group.length > 1) startJob(state, group);
  for (const part of idle) {
    if (!isBusy(state, part) && part.deadRows > Math.max(1024, rowsIn(part) / 4)) startJob(state, [part]);
  }
}

function finishJob(state: IndexState, job: Job, made: Part | null): void {
  for (const owner of job.withdrawn) if (made !== null) withdrawOwner(made, owner);
  state.jobs = state.jobs.filter((other) => other !== job);
  state.settled = state.settled.filter((part) => !job.sources.includes(part));
  if (made !== null) state.settled.push(made);
  startMerge(state);
  tell(state);
}

/** Does one slice of the smallest job. False when there is none. */
export function doSlice(state: IndexState): boolean {
  const job = state.jobs[0];
  if (job === undefined) return false;
  try {
    const step = job.slices.next();
    if (step.done === true) finishJob(state, job, step.value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    job.slices = freeze(job.sources.map(sourceOf)); // out of memory: its rows are still found where they are; try again
  }
  return true;
}

/** After each added row: seals the growing part when it is full, and does its share of the work that waits. */
export function afterAdd(state: IndexState): void {
  if (rowsIn(state.growing) === GROWING_ROWS) {
    const full = state.growing;
    state.growing = createPart("growing", GROWING_ROWS);
    state.settled.push(full);
    startJob(state, [full]);
    tell(state);
  }
  state.addsSinceSlice++;
  if (state.addsSinceSlice < ADDS_A_SLICE) return;
  state.addsSinceSlice = 0;
  doSlice(state);
}

/** Freezes many rows at once, past the growing part, and does as much of the work that waits as so many adds would. */
export function freezeNow(state: IndexState, rows: RowSource): void {
  const slices = freeze([rows]);
  let step = slices.next();
  while (step.done !== true) step = slices.next();
  if (step.value !== null) state.settled.push(step.value);
  startMerge(state);
  tell(state);
  for (let slice = 0; slice < rows.rows / ADDS_A_SLICE && doSlice(state); slice++);
}

export function withdrawEverywhere(state: IndexState, owner: number): number {
  let marked = 0;
  for (const part of partsOf(state)) marked += withdrawOwner(part, owner);
  if (marked === 0) return 0;
  for (const job of state.jobs) job.withdrawn.push(owner);
  if (state.jobs.length === 0) startMerge(state);
  return marked;
}
