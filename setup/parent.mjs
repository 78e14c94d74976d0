/** Loaded into what start.mjs and run.mjs start: when they are killed, so that no signal comes, it is told to end. */
import { isMainThread } from "node:worker_threads";
import { onceParentIsGone } from "./once-parent-is-gone.mjs";

if (isMainThread) onceParentIsGone(() => process.kill(process.pid, "SIGTERM"));
