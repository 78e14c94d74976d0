import { createHash } from "node:crypto";
import { signPolicy } from "@jikim/evidence";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { climb } from "../src/escalation/climb.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { recordAnswer } from "../src/notices/answer.ts";
import { sendNotice } from "../src/notices/send.ts";
import { askForHost, recordHostAnswer, takeHostLookup } from "../src/store/host-lookup.ts";
import { approveAll, tellRecipient } from "./asking.ts";
import { did, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre, seedStaff } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let mailbox: Mailbox;

beforeAll(async () => {
  mailbox = await openMailbox();
  server = await openTestJikim({ smtp: mailbox.url, mailFrom: "notices@centre.example" });
  centre = await seedCentre(server.jikim);
  const expiresAt = server.jikim.now().add({ hours: 20_000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
beforeEach(() => mailbox.behave("accept"));
afterAll(async () => {
  await server?.close();
  await mailbox?.close();
});

const ADULT = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };

/** Directories said of a site's host who runs it. */
async function tellHost(site: string, mail: string): Promise<void> {
  const { db, vault, now } = server.jikim;
  const { id } = await askForHost(db, vault, site, now());
  const until = now().add({ minutes: 3 });
  const task = await takeHostLookup(db, vault, id, { now: now(), until });
  if (task === null) throw new Error("nobody asks for the host");
  const host = {
    ...{ kind: "host" as const, name: { ko: "가상 호스팅", en: "Invented hosting" }, registryKey: null },
    ...{ jurisdiction: null, language: "en" as const, mail, form: null, api: null },
    ...{ xarf: false, mostPlaces: 250, sameHost: false },
  };
  const answer = { network: null, host, registrar: null, silent: [] };
  const staleAt = now().add({ hours: 20_000 });
  await recordHostAnswer(db, vault, task, { answer, staleAt, nextTryAt: null, attempts: 1 });
}

/** A notice to a small site, sent; its host is the rung after it, a day later. */
async function sentToSite({ later = true } = {}) {
  const name = createHash("sha256").update(crypto.randomUUID()).digest("hex").slice(0, 12);
  const site = await tellRecipient(server.app, centre.staff, {
    mail: `abuse@${name}.example`,
    hosts: [`${name}.example`],
    kind: "platform",
  });
  await tellHost(`${name}.example`, `abuse@${name}-host.example`);
  const places = [{ kind: "url" as const, text: `https://${name}.example/p/1` }];
  const { caseId, survivor } = await openCase(server, centre, { codes: ADULT, places });
  const ids = (await readCase(server.app, centre.staff, caseId)).places.map((place) => place.id);
  const routes = await did<{ routes: desk.Route[] }>(
    post(server.app, centre.staff, `/api/desk/cases/${caseId}/routes`, { places: ids }),
  );
  const host = routes.routes[0]?.rungs.find(({ recipient }) => recipient.kind === "host")?.recipient;
  if (host === undefined) throw new Error("the host stands on no ladder");
  const url = `/api/desk/cases/${caseId}/notices`;
  const { notices } = await did<{ notices: desk.Notice[] }>(
    post(server.app, centre.staff, url, { places: ids, recipients: [site.id] }),
  );
  await did(approveAll(server.app, centre.staff, notices, later ? [host.id] : []));
  const first = notices[0]?.id ?? "";
  await sendNotice(server.jikim, first);
  const toHost = async () =>
    (await readCase(server.app, centre.staff, caseId)).notices.filter(({ recipient }) => recipient.id === host.id);
  return { site, host, caseId, survivor, first, placeId: ids[0] ?? "", toHost, mail: host.mail ?? "" };
}

type Sent = Awaited<ReturnType<typeof sentToSite>>;

/** Time goes by, and the sweep and the jobs that it wakes do what is due in this case. */
async function pass({ caseId, toHost }: Sent, hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour += 3) {
    server.pass({ hours: 3 });
    await sweep(server.jikim);
    await climb(server.jikim, caseId);
    for (const { id } of await toHost()) await sendNotice(server.jikim, id);
  }
}

const mailsTo = (address: string) =>
  mailbox.mails.filter((mail) => [mail.to].flat().some((to) => to?.text === address)).length;

const flag = (caseId: string, flags: object) =>
  did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/flags`, flags));

describe("a ladder", { timeout: 60_000 }, () => {
  test("is climbed by itself to whom the approval named, once, when the first recipient was silent for its time", async () => {
    const sent = await sentToSite();
    await pass(sent, 21);
    expect(await sent.toHost()).toEqual([]);
    await pass(sent, 6);
    expect(await sent.toHost()).toMatchObject([{ state: "sent", deliveries: [{ channel: "mail", state: "sent" }] }]);
    await pass(sent, 30);
    expect([mailsTo(sent.mail), (await sent.toHost()).length]).toEqual([1, 1]);
  });

  test("what waits for an answer is listed by its clock to who holds the case, and says when it is overdue", async () => {
    const sent = await sentToSite({ later: false });
    const listed = async (headers: typeof centre.staff.headers) => {
      const rows: desk.DueRow[] = [];
      for (let cursor = ""; ; ) {
        const page = await did<desk.Due>(ask(server.app, { url: `/api/desk/due?limit=2${cursor}`, headers }));
        rows.push(...page.rows);
        if (page.next === null) return rows;
        cursor = `&cursor=${page.next}`;
      }
    };
    const row = async () => (await listed(centre.staff.headers)).find(({ noticeId }) => noticeId === sent.first);
    expect(await row()).toMatchObject({ kind: "answer", overdue: false, clock: { kind: "policy", hours: 24 } });
    server.pass({ hours: 25 });
    expect((await row())?.overdue).toBe(true);
    expect(new Set((await listed(centre.staff.headers)).map(({ noticeId }) => noticeId)).size).toBe(
      (await listed(centre.staff.headers)).length,
    );
    const other = await seedStaff(server.jikim, { pseudonym: "담당 8", roles: ["caseworker"], root: centre.root });
    expect(await listed(other.headers)).toEqual([]);
    const at = server.jikim.now();
    await recordAnswer(server.jikim, { noticeId: sent.first, recipientId: sent.site.id, answer: "refused", at });
    expect(await row()).toBeUndefined();
  });

  test("two processes at once climb one rung", async () => {
    const sent = await sentToSite();
    server.pass({ hours: 25 });
    await Promise.all([climb(server.jikim, sent.caseId), climb(server.jikim, sent.caseId)]);
    expect(await sent.toHost()).toHaveLength(1);
  });

  test("goes on at once when the first says that it is not theirs", async () => {
    const sent = await sentToSite();
    const at = server.jikim.now();
    await recordAnswer(server.jikim, { noticeId: sent.first, recipientId: sent.site.id, answer: "not-ours", at });
    await climb(server.jikim, sent.caseId);
    expect(await sent.toHost()).toMatchObject([{ state: "approved" }]);
  });

  test("waits for one key where nobody named the recipient, and this key sends it", async () => {
    const sent = await sentToSite({ later: false });
    await settlePrepared(sent);
    const [step] = await sent.toHost();
    expect(step).toMatchObject({ state: "draft" });
    expect(mailsTo(sent.mail)).toBe(0);
    const due = await did<desk.Due>(
      ask(server.app, { url: "/api/desk/due?kind=step&limit=200", headers: centre.staff.headers }),
    );
    expect(due.rows.find((row) => row.noticeId === step?.id)).toMatchObject({ why: "not-named", kind: "step" });
    const key = (recipient: string) =>
      post(server.app, centre.staff, `/api/desk/notices/${step?.id}/step`, { do: "send", recipient });
    expect(codeOf(await key(sent.site.id))).toBe("RECIPIENT_NOT_NAMED");
    await did(key(sent.host.id));
    await sendNotice(server.jikim, step?.id ?? "");
    expect(mailsTo(sent.mail)).toBe(1);
    expect(codeOf(await key(sent.host.id))).toBe("STEP_GONE");
  });

  test("a step that was dropped is not prepared again", async () => {
    const sent = await sentToSite({ later: false });
    await settlePrepared(sent);
    const [step] = await sent.toHost();
    await did(post(server.app, centre.staff, `/api/desk/notices/${step?.id}/step`, { do: "drop" }));
    await pass(sent, 30);
    expect(await sent.toHost()).toMatchObject([{ id: step?.id, state: "stopped" }]);
  });

  const STOPS: Readonly<Record<string, (sent: Sent) => Promise<unknown>>> = {
    "her withdrawal": ({ survivor }) =>
      did(
        ask(server.app, {
          method: "POST",
          url: "/api/my/consents",
          headers: survivor.headers,
          body: { act: "remove", change: "withdraw" },
        }),
      ),
    "a threat": ({ caseId }) => flag(caseId, { threat: true }),
    "a police hold": ({ caseId }) => flag(caseId, { policeHold: true }),
    "closing the case": ({ caseId }) => did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/close`)),
    "marking the recipient as the threat": ({ host }) =>
      did(post(server.app, centre.staff, `/api/desk/recipients/${host.id}`, { hostile: true })),
    "a counter-notice": ({ first, site }) =>
      recordAnswer(server.jikim, {
        ...{ noticeId: first, recipientId: site.id, answer: "counter-notice" },
        at: server.jikim.now(),
      }),
    "a check that saw it gone": ({ placeId }) =>
      server.jikim.db.updateTable("place").set({ state: "removed" }).where("id", "=", placeId).execute(),
  };
  test.each(Object.entries(STOPS))("%s stops it, although the approval named the next", async (_why, stop) => {
    const sent = await sentToSite();
    await stop(sent);
    await pass(sent, 48);
    expect(mailsTo(sent.mail)).toBe(0);
    const prepared = (await sent.toHost()).filter(({ state }) => state === "approved" || state === "sent");
    expect(prepared).toEqual([]);
  });

  test("after a threat it goes on only with a key: the approval that named the next is over", async () => {
    const sent = await sentToSite();
    await flag(sent.caseId, { threat: true });
    await pass(sent, 27);
    await flag(sent.caseId, { threat: false });
    await settlePrepared(sent, 30);
    expect(await sent.toHost()).toMatchObject([{ state: "draft" }]);
    expect(mailsTo(sent.mail)).toBe(0);
  });
});

/** Time goes by; of what the ladder prepares before the host's turn, everything is dropped. */
async function settlePrepared(sent: Sent, hours = 30): Promise<void> {
  for (let hour = 0; hour < hours; hour += 3) {
    await pass(sent, 3);
    const { notices } = await readCase(server.app, centre.staff, sent.caseId);
    for (const { id, state, recipient } of notices)
      if (state === "draft" && recipient.id !== sent.host.id)
        await did(post(server.app, centre.staff, `/api/desk/notices/${id}/step`, { do: "drop" }));
  }
}

describe("a standing policy", { timeout: 60_000 }, () => {
  const textFor = (recipientId: string, over: object = {}) => ({
    ...{ policyId: crypto.randomUUID(), staffId: centre.staff.staffId, recipientId, ground: "plain" },
    madeAt: server.jikim.now().toString(),
    endsAt: server.jikim
      .now()
      .add({ hours: 24 * 30 })
      .toString(),
    ...over,
  });
  const make = (text: ReturnType<typeof textFor>, by = centre.staff) =>
    post(server.app, by, "/api/desk/policies", { policy: signPolicy(text, by.key.signingSecret) });

  test("signed by a supervisor lets the ladder go on without a key, in her name", async () => {
    const sent = await sentToSite({ later: false });
    const policy = await did<desk.Policy>(make(textFor(sent.host.id)));
    expect(policy).toMatchObject({ live: true, ground: "plain" });
    await pass(sent, 27);
    expect(mailsTo(sent.mail)).toBe(1);
    const row = await server.jikim.db
      .selectFrom("notice")
      .select(["approvedBy", "policyId"])
      .where("recipientId", "=", sent.host.id)
      .executeTakeFirst();
    expect(row).toEqual({ approvedBy: centre.staff.staffId, policyId: policy.id });
  });

  test("counts no more once it is revoked, has ended, names another ground, or its signer is no supervisor", async () => {
    const ends: Record<string, (policy: desk.Policy) => Promise<unknown>> = {
      revoked: ({ id }) => did(post(server.app, centre.staff, `/api/desk/policies/${id}`, { change: "revoke" })),
      tampered: ({ id }) =>
        server.jikim.db
          .updateTable("policy")
          .set({
            endsAt: server.jikim
              .now()
              .add({ hours: 24 * 300 })
              .toString(),
          })
          .where("id", "=", id)
          .execute(),
    };
    for (const [why, end] of Object.entries(ends)) {
      const sent = await sentToSite({ later: false });
      await end(await did<desk.Policy>(make(textFor(sent.host.id))));
      await settlePrepared(sent);
      expect([why, mailsTo(sent.mail)]).toEqual([why, 0]);
    }
    const short = await sentToSite({ later: false });
    await did(make(textFor(short.host.id, { endsAt: server.jikim.now().add({ hours: 20 }).toString() })));
    const other = await sentToSite({ later: false });
    await did(make(textFor(other.host.id, { ground: "eu-dsa-16" })));
    for (const sent of [short, other]) {
      await settlePrepared(sent);
      expect(mailsTo(sent.mail)).toBe(0);
    }
    const left = await sentToSite({ later: false });
    const supervisor = await seedStaff(server.jikim, { pseudonym: "감독 9", roles: ["supervisor"], root: centre.root });
    await did(make(textFor(left.host.id, { staffId: supervisor.staffId }), supervisor));
    await server.jikim.db.updateTable("staff").set({ state: "left" }).where("id", "=", supervisor.staffId).execute();
    await settlePrepared(left);
    expect(mailsTo(left.mail)).toBe(0);
  });

  test("never stands in for her consent", async () => {
    const sent = await sentToSite({ later: false });
    await did(make(textFor(sent.host.id)));
    await server.jikim.db
      .updateTable("consent")
      .set({ state: "refused", givenAt: null })
      .where("caseId", "=", sent.caseId)
      .where("act", "=", "remove")
      .execute();
    await pass(sent, 30);
    expect(mailsTo(sent.mail)).toBe(0);
  });

  test("is refused from who is no supervisor, with another's signature, too long, in the past, or for the threat", async () => {
    const { host } = await sentToSite();
    const worker = await seedStaff(server.jikim, { pseudonym: "담당 7", roles: ["caseworker"], root: centre.root });
    expect((await make(textFor(host.id, { staffId: worker.staffId }), worker)).statusCode).toBe(403);
    const forged = signPolicy(textFor(host.id), worker.key.signingSecret);
    expect(codeOf(await post(server.app, centre.staff, "/api/desk/policies", { policy: forged }))).toBe(
      "POLICY_REFUSED",
    );
    const inHours = (hours: number) => server.jikim.now().add({ hours }).toString();
    for (const over of [
      { endsAt: inHours(24 * 400) },
      { endsAt: inHours(-1) },
      { madeAt: inHours(-3) },
      { ground: "invented-ground" },
      { staffId: worker.staffId },
    ])
      expect(codeOf(await make(textFor(host.id, over)))).toBe("POLICY_REFUSED");
    await did(post(server.app, centre.staff, `/api/desk/recipients/${host.id}`, { hostile: true }));
    expect(codeOf(await make(textFor(host.id)))).toBe("RECIPIENT_HOSTILE");
  });
});
