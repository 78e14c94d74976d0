import { z } from "zod";
import { lookAt } from "../checks/look.ts";
import type { Jikim } from "../jikim.ts";
import { sendNotice } from "../notices/send.ts";
import { createQueues, type Queue } from "./queue.ts";
import { sweep } from "./sweep.ts";
import { tellSafeContact } from "./tell.ts";

const noticeSchema = z.object({ noticeId: z.uuid() });
const placeSchema = z.object({ placeId: z.uuid(), asked: z.boolean() });
const caseSchema = z.object({ caseId: z.uuid() });

/** Seconds between two looks into a queue, for jobs whose time comes later; a notification brings one that is due at once. */
const POLL_SECONDS = 2;

/** Starts the workers. Jobs only call the others: notices, checks, mail. */
export async function registerJobs(jikim: Jikim): Promise<void> {
  await createQueues(jikim.jobs);
  await work(jikim, "send-notice", (data) => sendNotice(jikim, noticeSchema.parse(data).noticeId));
  await work(jikim, "check-place", (data) => lookAt(jikim, placeSchema.parse(data)));
  await work(jikim, "tell-safe-contact", (data) => tellSafeContact(jikim, caseSchema.parse(data).caseId));
  await work(jikim, "sweep", () => sweep(jikim));
  await jikim.jobs.schedule("sweep", "* * * * *");
  await jikim.jobs.send("sweep", {});
}

/** Jobs of one process that run at once, for each queue: mail and pages of others are mostly waited for. */
const AT_ONCE = 3;

async function work(jikim: Jikim, queue: Queue, act: (data: unknown) => Promise<void>): Promise<void> {
  const options = {
    pollingIntervalSeconds: POLL_SECONDS,
    notifyPollingIntervalSeconds: POLL_SECONDS,
    localConcurrency: queue === "sweep" ? 1 : AT_ONCE,
  };
  await jikim.jobs.work(queue, options, async (jobs) => {
    for (const { data } of jobs) await act(data);
  });
}
