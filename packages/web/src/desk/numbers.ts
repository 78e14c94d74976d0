/** Numbers of places as a person says them: runs joined, such as "1–200, 203". */
export function sayNumbers(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const number of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`))
    .join(", ");
}

/** The same for places of a case, by their ids. */
export function sayPlaces(
  ids: readonly string[],
  places: readonly { readonly id: string; readonly number: number }[],
): string {
  const wanted = new Set(ids);
  return sayNumbers(places.filter(({ id }) => wanted.has(id)).map(({ number }) => number));
}
