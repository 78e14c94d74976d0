/** Pages that stand for themselves in the address. */
const PAGES = [
  ...(["due", "answers", "recipients", "policies"] as const),
  ...(["staff", "platforms", "centre", "floods", "results", "laws", "sources"] as const),
];

/** Where in the desk one is; all of it in the address's hash, which no server sees. */
export type Route =
  | { readonly page: "queue" | (typeof PAGES)[number] }
  | { readonly page: "case" | "evidence"; readonly id: string }
  | { readonly page: "setup" | "enrol"; readonly token: string };

let current: Route = $state(readRoute(location.hash));

addEventListener("hashchange", () => {
  current = readRoute(location.hash);
});

export function route(): Route {
  return current;
}

/** Reads `#/case/<id>`, `#/setup?token=…` and the like; anything else is the queue. */
export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page, id] = path.split("/");
  if ((page === "case" || page === "evidence") && id !== undefined && id !== "") return { page, id };
  if (page === "setup" || page === "enrol") return { page, token: new URLSearchParams(query).get("token") ?? "" };
  return { page: PAGES.find((each) => each === page) ?? "queue" };
}
