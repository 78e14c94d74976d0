/** Where in the desk one is; all of it in the address's hash, which no server sees. */
export type Route =
  | { readonly page: "queue" | "staff" | "platforms" | "centre" | "floods" }
  | { readonly page: "case"; readonly id: string }
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
  if (page === "case" && id !== undefined && id !== "") return { page, id };
  if (page === "setup" || page === "enrol") return { page, token: new URLSearchParams(query).get("token") ?? "" };
  if (page === "staff" || page === "platforms" || page === "centre" || page === "floods") return { page };
  return { page: "queue" };
}
