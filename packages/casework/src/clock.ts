/**
 * A period and where it comes from. A legal period, a policy target (such as Korea's 24 hours, which no statute holds) and a
 * promise of the centre are different types: one can never be shown as another.
 */
export type Clock =
  | {
      readonly kind: "legal";
      readonly hours: number;
      readonly law: string;
      readonly article: string;
      readonly source: string;
      readonly asOf: string;
    }
  | { readonly kind: "policy"; readonly hours: number; readonly source: string; readonly asOf: string }
  | { readonly kind: "promise"; readonly hours: number };

export type RunningClock = { readonly clock: Clock; readonly dueAt: Temporal.Instant };

export function runClock(clock: Clock, from: Temporal.Instant): RunningClock {
  return { clock, dueAt: from.add({ minutes: Math.round(clock.hours * 60) }) };
}

/** What the centre promises survivors and itself, in hours. A centre's own figures; no law sets them. */
export const PROMISES = {
  danger: { kind: "promise", hours: 1 },
  threat: { kind: "promise", hours: 4 },
  firstLook: { kind: "promise", hours: 24 },
  answerMessage: { kind: "promise", hours: 24 },
  tellSafeContact: { kind: "promise", hours: 12 },
  nextStep: { kind: "promise", hours: 48 },
} as const satisfies Record<string, Clock>;

/**
 * Korea's "24 hours" for platforms: the review board's own target since September 2019 (ZDNet Korea, 2019-08-26) and a government
 * plan of November 2024. The Telecommunications Business Act art. 22-5(1) and its decree say "without delay" (지체 없이).
 */
export const KOREA_TARGET: Clock = {
  kind: "policy",
  hours: 24,
  source: "방송통신심의위원회 자체 목표 (ZDNet Korea 2019-08-26); 2024-11 정부 계획",
  asOf: "2026-06-08",
};
