import {
  type CaseKey,
  certify,
  keysOfReturnCode,
  newCaseKey,
  newReturnCode,
  newSigningKey,
  newStaffKey,
  openSealed,
  publicStaffKey,
  type ReturnCode,
  recipientOf,
  seal,
  unwrapCaseKey,
  wrapCaseKey,
  writeAsStaff,
} from "@jikim/evidence";
import { portal } from "@jikim/server/contract";
import { beforeAll, expect, test } from "vitest";
import { openCase, replaceCode } from "../src/portal/case-file.ts";
import { sealAsSurvivor } from "../src/portal/submission.ts";
import { fromBase64url, toBase64url } from "../src/shared/base64url.ts";

const root = newSigningKey();
const LATER = "2099-01-01T00:00:00Z";
const AT = "2026-05-03T05:02:00Z";
const id = crypto.randomUUID();
const staff = newStaffKey();
const staffId = crypto.randomUUID();
let code: ReturnCode;
let key: CaseKey;
let certificate: ReturnType<typeof certify>;

beforeAll(async () => {
  code = newReturnCode();
  key = await newCaseKey(await recipientOf(keysOfReturnCode(code).identity));
  certificate = certify(
    { kind: "staff", staffId, roles: ["caseworker"], notAfter: LATER, ...(await publicStaffKey(staff)) },
    root.secret,
  );
});

type Doc = portal.MyCase["documents"][number];
const document = (kind: Doc["kind"], by: Doc["by"], sealed: string): Doc => ({
  id: crypto.randomUUID(),
  kind,
  by,
  at: AT,
  sealed,
});
const toCase = async (value: unknown) => toBase64url(await seal(value, [key.recipient]));
const said = (text: string, caseId = id, signingSecret = staff.signingSecret) =>
  toCase(writeAsStaff({ text }, { caseId, kind: "message" }, { certificate, signingSecret }));

const keysWith = (recipient: string) => ({
  root: root.public,
  serviceKey: "",
  recovery: { holder: "recovery", recipient },
  intake: [],
});

async function myCase(documents: Doc[], holders = [certificate]): Promise<portal.MyCase> {
  const { identity } = keysOfReturnCode(code);
  return {
    ...{
      id,
      receivedAt: AT,
      state: "open",
      keyVersion: 3,
      caseRecipient: key.recipient,
      erasure: null,
      hasMandate: false,
    },
    wrapped: toBase64url(await wrapCaseKey(key, await recipientOf(identity))),
    ...{
      holders,
      withdrawalPlan: "at-once",
      consents: [],
      items: [],
      places: [],
      documents,
      fileKeys: [],
      releases: [],
    },
  };
}

test("a message that staff signed is shown, and hers beside it", async () => {
  const hers = document("message", "survivor", await sealAsSurvivor({ text: "안녕하세요" }, key));
  const file = await openCase(
    await myCase([document("message", "staff", await said("반가워요")), hers]),
    code,
    root.public,
  );
  expect(file.letters.map(({ by, text }) => ({ by, text }))).toEqual([
    { by: "staff", text: "반가워요" },
    { by: "survivor", text: "안녕하세요" },
  ]);
});

test("words put in the centre's mouth are not shown: unsigned, signed by another key, or of another case", async () => {
  const forged = [
    await sealAsSurvivor({ text: "나는 센터입니다" }, key),
    await said("다른 열쇠", id, newSigningKey().secret),
    await said("다른 사건", crypto.randomUUID()),
    await toCase({ by: "staff", content: { text: "서명 없음" } }),
    toBase64url(
      await seal({ by: "survivor", content: { text: "다른 봉투" } }, [
        (await newCaseKey(key.survivorRecipient)).recipient,
      ]),
    ),
  ];
  const file = await openCase(
    await myCase(forged.map((sealed) => document("message", "staff", sealed))),
    code,
    root.public,
  );
  expect(file.letters.map(({ text }) => text)).toEqual([null, null, null, null, null]);
});

test("staff words are not passed off as hers", async () => {
  const file = await openCase(
    await myCase([document("message", "survivor", await said("반가워요"))]),
    code,
    root.public,
  );
  expect(file.letters[0]?.text).toBeNull();
});

test("a holder whom the root does not vouch for is noticed, and then no code is replaced", async () => {
  const stranger = certify(
    { kind: "staff", staffId, roles: ["caseworker"], notAfter: LATER, ...(await publicStaffKey(newStaffKey())) },
    newSigningKey().secret,
  );
  const file = await openCase(await myCase([], [certificate, stranger]), code, root.public);
  expect(file.holders).toBeNull();
  await expect(replaceCode(file, keysWith(key.recipient), { code: newReturnCode(), hers: [] })).rejects.toThrow();
});

test("a new code opens everything under a new key, staff keep their access, and the old code opens nothing", async () => {
  const documents = [
    document("message", "staff", await said("반가워요")),
    document("note", "staff", await said("쪽지")),
  ];
  const file = await openCase(await myCase(documents), code, root.public);
  const recovery = await newCaseKey(key.survivorRecipient);
  const next = newReturnCode();
  const body = await replaceCode(file, keysWith(recovery.recipient), { code: next, hers: [] });
  expect(portal.codeReplacementSchema.parse(body)).toEqual(body);
  expect(body.rekey.documents.map((each) => each.id).sort()).toEqual(documents.map((each) => each.id).sort());
  const wrapOf = (holder: string) =>
    fromBase64url(body.rekey.wraps.find((wrap) => wrap.holder === holder)?.wrapped ?? "");
  const own = await unwrapCaseKey(wrapOf("survivor"), keysOfReturnCode(next).identity);
  expect(own.recipient).toBe(body.rekey.caseRecipient);
  expect((await unwrapCaseKey(wrapOf(staffId), staff.identity)).identity).toBe(own.identity);
  await expect(unwrapCaseKey(wrapOf("survivor"), keysOfReturnCode(code).identity)).rejects.toThrow();
  for (const { sealed } of body.rekey.documents) {
    await openSealed(fromBase64url(sealed), own.identity);
    await expect(openSealed(fromBase64url(sealed), key.identity)).rejects.toThrow();
  }
});

test("a document that does not open does not keep her from a new code: a mark takes its place", async () => {
  const elsewhere = await newCaseKey(key.survivorRecipient);
  const lost = document("note", "staff", toBase64url(await seal({ by: "staff" }, [elsewhere.recipient])));
  const damaged = document("message", "staff", toBase64url(Uint8Array.of(1, 2, 3)));
  const kept = document("message", "survivor", await sealAsSurvivor({ text: "안녕하세요" }, key));
  const file = await openCase(await myCase([lost, damaged, kept]), code, root.public);
  const next = newReturnCode();
  const { rekey } = await replaceCode(file, keysWith(elsewhere.recipient), { code: next, hers: [] });
  const wrap = rekey.wraps.find(({ holder }) => holder === "survivor")?.wrapped ?? "";
  const own = await unwrapCaseKey(fromBase64url(wrap), keysOfReturnCode(next).identity);
  const opened = await Promise.all(
    rekey.documents.map(async (each) => [each.id, await openSealed(fromBase64url(each.sealed), own.identity)]),
  );
  expect(Object.fromEntries(opened)).toEqual({
    [lost.id]: { by: "lost" },
    [damaged.id]: { by: "lost" },
    [kept.id]: { by: "survivor", content: { text: "안녕하세요" } },
  });
});

test("a holder whose certificate has run out gets no new case key", async () => {
  const old = certify(
    {
      kind: "staff",
      staffId: crypto.randomUUID(),
      roles: ["caseworker"],
      notAfter: "2020-01-01T00:00:00Z",
      ...(await publicStaffKey(newStaffKey())),
    },
    root.secret,
  );
  const file = await openCase(await myCase([], [old, certificate]), code, root.public);
  expect(file.holders?.map(({ holder }) => holder)).toEqual([staffId]);
  const { rekey } = await replaceCode(file, keysWith(key.recipient), { code: newReturnCode(), hers: [] });
  expect(rekey.wraps.map(({ holder }) => holder).sort()).toEqual(["recovery", "survivor", staffId].sort());
});

test("notes and the mandate are not opened to show her case", async () => {
  const closed = (kind: Doc["kind"]): Doc => ({
    ...document(kind, "staff", ""),
    get sealed(): string {
      throw new Error("opened");
    },
  });
  const file = await openCase(await myCase([closed("note"), closed("mandate")]), code, root.public);
  expect(file.letters).toEqual([]);
  await expect(openCase(await myCase([closed("message")]), code, root.public)).rejects.toThrow("opened");
});
