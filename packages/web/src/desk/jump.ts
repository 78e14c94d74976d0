import type { NextAct } from "@jikim/casework";

/** Part of a case's page where an act is done; null when it is done in the head of the page, or nowhere. */
const PARTS: { readonly [key in NextAct]: string | null } = {
  "reach-her-safely": "contact",
  "plan-for-threat": "contact",
  assign: null,
  "tell-safe-contact": "contact",
  "answer-message": "messages",
  "record-mandate": "mandate",
  "settle-doubt": "notices",
  "send-by-hand": "notices",
  "take-next-step": "notices",
  "ask-again": "notices",
  "approve-notices": "notices",
  "draft-notices": "notices",
  "list-items": "items",
  "decide-link": "places",
  "ask-about-link": "places",
  "find-address": "notices",
  "read-answers": "notices",
  "chase-answer": "notices",
  wait: null,
};

export function partFor(act: NextAct): string | null {
  return PARTS[act];
}

/** Goes to a part of the page without touching the address, which says where in the desk one is. */
export function jumpTo(event: MouseEvent, part: string): void {
  event.preventDefault();
  const section = document.getElementById(part);
  section?.scrollIntoView();
  section?.querySelector("h2")?.focus({ preventScroll: true });
}
