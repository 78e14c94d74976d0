/** Where leaving leads when the page names no other place (`<meta name="leave-to">` in index.html). */
const NEUTRAL_SITE = "https://www.weather.go.kr/";
/** Set in the tab's session when she left, so that its Back button cannot show this site again. Says nothing else. */
const LEFT = "n";

const forgetters = new Set<() => void>();

/** Registers something to forget when she leaves: state, workers, blob URLs. Must be quick and synchronous. */
export function onLeave(forget: () => void): void {
  forgetters.add(forget);
}

/**
 * Leaves at once. First the page is blank, in the same task and before any network call; then everything in memory goes, then
 * what a visit could have left in this browser. A sealed report that waits to be sent (outbox.ts) stays.
 */
export function leave(): void {
  document.documentElement.classList.add("left");
  document.body.replaceChildren();
  for (const forget of forgetters) {
    try {
      forget();
    } catch {
      // Nothing may hold her up.
    }
  }
  clearStorage();
  location.replace(neutralSite());
}

/** Whether this page load is Back or Forward after she left; then it leads away again and shows nothing. */
export function leavesAgain(): boolean {
  const [navigation] = performance.getEntriesByType("navigation");
  const back = navigation !== undefined && "type" in navigation && navigation.type === "back_forward";
  if (!back || readLeft() === null) return false;
  location.replace(neutralSite());
  return true;
}

function neutralSite(): string {
  const named = document.querySelector<HTMLMetaElement>('meta[name="leave-to"]')?.content ?? "";
  return /^https?:\/\//.test(named) ? named : NEUTRAL_SITE;
}

function readLeft(): string | null {
  try {
    return sessionStorage.getItem(LEFT);
  } catch {
    return null;
  }
}

/** The app itself keeps nothing here; cleared all the same. Storage may be refused in private windows. */
function clearStorage(): void {
  try {
    localStorage.clear();
    sessionStorage.clear();
    sessionStorage.setItem(LEFT, "1");
    history.replaceState(null, "");
    if ("caches" in globalThis) void caches.keys().then((names) => names.forEach((name) => void caches.delete(name)));
  } catch {
    // Leaving matters more.
  }
}
