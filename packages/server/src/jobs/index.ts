import type { Jikim } from "../jikim.ts";
import { createQueues } from "./queue.ts";

/** Makes the queues and starts their workers. */
export async function registerJobs(jikim: Jikim): Promise<void> {
  await createQueues(jikim.jobs);
}
