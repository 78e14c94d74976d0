import { z } from "zod";
import { lookAt } from "../checks/look.ts";
import { climb } from "../escalation/climb.ts";
import type { Say } from "../http/log.ts";
import type { Jikim } from "../jikim.ts";
import { sendNotice } from "../notices/send.ts";
import { lookUpHost } from "../places/find.ts";
import { lookAtPage } from "../watch/look-page.ts";
import { sweepSource } from "../watch/sweep-source.ts";
import { createQueues, type Queue } from "./queue.ts";
import { sweep } from "./sweep.ts";
import { tellSafeContact } from "./tell.ts";

const noticeSchema = z.object({ noticeId: z.uuid() });
const placeSchema = z.object({ placeId: z.uuid(), asked: z.boolean() });
const lookupSchema = z.object({ lookupId: z.uuid() });
const sourceSchema = z.object({ sourceId: z.uuid() });
const pageSchema = z.object({ sourceId: z.uuid(), page: z.string().regex(/^[0-9a-f]{64}$/) });
const caseSchema = z.object({ caseId: z.uuid() });

/** Seconds between two looks into a queue, for jobs whose time comes later; a notification brings one that is due at once. */
const POLL_SECONDS = 2;

/** A job that failed and runs again. What went wrong may quote what it worked on, so only its kind is kept. */
class JobFailed extends Error {
  override readonly name = "JobFailed";
}

/** Starts the workers. Jobs only call the others: notices, checks, mail. @param say  takes the lines of the log. */
export async function registerJobs(jikim: Jikim, say: Say = () => undefined): Promise<void> {
  await createQueues(jikim.jobs);
  const work = (queue: Queue, act: (data: unknown) => Promise<void>) => startWork(jikim, { queue, act, say });
  await work("send-notice", (data) => sendNotice(jikim, noticeSchema.parse(data).noticeId));
  await work("climb-ladders", (data) => climb(jikim, caseSchema.parse(data).caseId));
  await work("check-place", (data) => lookAt(jikim, placeSchema.parse(data)));
  await work("tell-safe-contact", (data) => tellSafeContact(jikim, caseSchema.parse(data).caseId));
  await work("find-host", (data) => lookUpHost(jikim, lookupSchema.parse(data).lookupId));
  await work("watch-source", (data) => sweepSource(jikim, sourceSchema.parse(data).sourceId));
  await work("watch-page", (data) => {
    const { sourceId, page } = pageSchema.parse(data);
    return lookAtPage(jikim, { sourceId, pageKey: Buffer.from(page, "hex") });
  });
  await work("sweep", () => sweep(jikim));
  await jikim.jobs.schedule("sweep", "* * * * *");
  await jikim.jobs.send("sweep", {});
}

/** Jobs of one process that run at once, for each queue: mail and pages of others are mostly waited for. */
const AT_ONCE = 3;

type Work = { readonly queue: Queue; readonly act: (data: unknown) => Promise<void>; readonly say: Say };

async function startWork(jikim: Jikim, { queue, act, say }: Work): Promise<void> {
  const options = {
    pollingIntervalSeconds: POLL_SECONDS,
    notifyPollingIntervalSeconds: POLL_SECONDS,
    localConcurrency: queue === "sweep" ? 1 : AT_ONCE,
  };
  await jikim.jobs.work(queue, options, async (jobs) => {
    for (const { data } of jobs)
      await act(data).catch((error: unknown) => {
        const kind = error instanceof Error ? error.name : typeof error;
        say({ level: "error", job: queue, error: kind });
        throw new JobFailed(kind);
      });
  });
}
