import { config } from "zod";

// Where pages run under a content security policy, zod's trial of `new Function` would be a violation, though a caught one. Imported before
// whatever makes schemas.
if ("window" in globalThis || "WorkerGlobalScope" in globalThis) config({ jitless: true });
