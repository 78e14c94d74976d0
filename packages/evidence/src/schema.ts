import { config, z } from "zod";

// Where pages run under a content security policy, zod's trial of `new Function` would be a violation, though a caught one. Whatever makes
// schemas takes zod from here, so that it is settled before.
if ("window" in globalThis || "WorkerGlobalScope" in globalThis) config({ jitless: true });

export { z };
