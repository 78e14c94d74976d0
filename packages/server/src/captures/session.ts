import type { Session } from "../contract/captures.ts";

/** Minutes that a session waits for its capture. */
export const SESSION_MINUTES = 15;

/** Sessions that wait for their capture, by its id: in the memory of this process, and nowhere else. */
const waiting = new Map<string, { readonly session: Session; readonly timer: NodeJS.Timeout }>();

export function holdSession(captureId: string, session: Session): void {
  dropSession(captureId);
  const timer = setTimeout(() => waiting.delete(captureId), SESSION_MINUTES * 60_000).unref();
  waiting.set(captureId, { session, timer });
}

/** Hands a session out once; null when this process has none. */
export function takeSession(captureId: string): Session | null {
  const held = waiting.get(captureId);
  dropSession(captureId);
  return held?.session ?? null;
}

export function dropSession(captureId: string): void {
  clearTimeout(waiting.get(captureId)?.timer);
  waiting.delete(captureId);
}
