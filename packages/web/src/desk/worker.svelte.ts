import { signOut } from "./server.ts";
import type { Worker } from "./session-keys.ts";
import { sealUnsent } from "./unsent.ts";

/** The desk locks itself after this long without a key or a click. */
const IDLE_MS = 15 * 60_000;

let current: Worker | null = $state.raw(null);
let wasLocked = $state(false);
let lastActive = 0;

/** Who works here now, with the keys; null when nobody does, or when the desk is locked. */
export function worker(): Worker | null {
  return current;
}

/** Whether the desk locked itself (or was locked) since somebody worked here. */
export function isLocked(): boolean {
  return wasLocked;
}

export function startWork(signedIn: Worker): void {
  lastActive = Date.now();
  current = signedIn;
  wasLocked = false;
}

/** Forgets every key and every opened text, and ends the session at the server. Half-written texts stay, sealed to their author. */
export async function lock(): Promise<void> {
  if (current === null) return;
  await sealUnsent(current).catch(() => null);
  current = null;
  wasLocked = true;
  // Without an answer the session still ends by itself; the keys are gone from here either way.
  await signOut().catch(() => null);
}

export function noteActivity(): void {
  lastActive = Date.now();
}

/** Locks when idle for too long; asked often, so that a laptop that slept locks as it wakes. */
export function lockWhenIdle(now: number): void {
  if (current !== null && now - lastActive >= IDLE_MS) void lock();
}
