/** How many reports were accepted lately, and the limits a centre set. */
export type IntakeFacts = {
  readonly gate: "open" | "closed";
  readonly acceptedInLastHour: number;
  readonly mostAnHour: number;
};

/**
 * Where a new report goes. A flood is set aside, not lost: supervisors look at it in bulk and let the true ones through in one
 * step. A report is accepted in every case, since a closed door would hit the one who needs it.
 */
export function laneOf(facts: IntakeFacts): "queue" | "set-aside" {
  return facts.gate === "closed" || facts.acceptedInLastHour >= facts.mostAnHour ? "set-aside" : "queue";
}
