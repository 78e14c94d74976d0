import {
  newAgeIdentity,
  newCaseKey,
  openSealed,
  readDocument,
  recipientOf,
  recoverIdentity,
  unwrapCaseKey,
  writeAsStaff,
} from "@jikim/evidence";
import { expect, test } from "vitest";
import { assignCase, certifiedColleagues, recoveryRecipient } from "../src/desk/assignment.ts";
import { CaseRefusal, openCase, sealWriting } from "../src/desk/case-file.ts";
import type { Centre } from "../src/desk/contract.ts";
import { fromBase64url } from "../src/shared/base64url.ts";
import { inventCase, inventDocument, inventStaff, NOT_AFTER, newRecovery, newRoot, openerFrom } from "./desk-case.ts";

const root = newRoot();

test("a holder reads what she and what staff wrote, each with its author", async () => {
  const staff = await inventStaff(root, "상담 1");
  const [held, key] = await inventCase(staff, await recipientOf(newAgeIdentity()));
  const binding = { caseId: held.id, kind: "message" };
  const written = writeAsStaff({ text: "안녕하세요" }, binding, {
    certificate: staff.certificate,
    signingSecret: staff.key.signingSecret,
  });
  held.documents = [
    await inventDocument(key, { kind: "story", by: "survivor", value: { by: "survivor", content: { story: "말" } } }),
    await inventDocument(key, { kind: "message", by: "staff", value: written }),
  ];
  const { documents } = await openCase(held, openerFrom(staff, root));
  expect(documents[0]?.read).toEqual({ content: { story: "말" }, author: null });
  expect(documents[1]?.read?.content).toEqual({ text: "안녕하세요" });
  expect(documents[1]?.read?.author?.staffId).toBe(staff.member.id);
});

test("what the server passes off as staff's, as hers, or from another case or root is not read", async () => {
  const [staff, stranger] = [await inventStaff(root, "상담 1"), await inventStaff(newRoot(), "상담 2")];
  const [held, key] = await inventCase(staff, await recipientOf(newAgeIdentity()));
  const author = ({ certificate, key: { signingSecret } }: typeof staff) => ({ certificate, signingSecret });
  const here = { caseId: held.id, kind: "message" };
  const there = { caseId: crypto.randomUUID(), kind: "message" };
  const values = [
    { by: "staff", value: { by: "survivor", content: { text: "거짓" } } },
    { by: "survivor", value: writeAsStaff({ text: "거짓" }, here, author(staff)) },
    { by: "staff", value: writeAsStaff({ text: "거짓" }, there, author(staff)) },
    { by: "staff", value: writeAsStaff({ text: "거짓" }, here, author(stranger)) },
    { by: "staff", value: writeAsStaff({ text: "거짓" }, { ...here, kind: "note" }, author(staff)) },
  ] as const;
  held.documents = await Promise.all(values.map((each) => inventDocument(key, { kind: "message", ...each })));
  held.documents.push(
    await inventDocument(await newCaseKey(key.survivorRecipient), { kind: "message", by: "survivor", value: "?" }),
  );
  const { documents } = await openCase(held, openerFrom(staff, root));
  expect(documents.map(({ read }) => read)).toEqual([null, null, null, null, null, null]);
});

test("without the case key nothing opens, nor where the server names another key or another survivor", async () => {
  const [staff, other] = [await inventStaff(root, "상담 1"), await inventStaff(root, "상담 2")];
  const [held] = await inventCase(staff, await recipientOf(newAgeIdentity()));
  await expect(openCase(held, openerFrom(other, root))).rejects.toEqual(new CaseRefusal("NOT_A_HOLDER"));
  const stranger = await recipientOf(newAgeIdentity());
  for (const altered of [{ caseRecipient: stranger }, { survivorRecipient: stranger }])
    await expect(openCase({ ...held, ...altered }, openerFrom(staff, root))).rejects.toEqual(
      new CaseRefusal("KEY_NOT_OF_CASE"),
    );
});

test("what staff write opens with the case key alone and is bound to this case", async () => {
  const staff = await inventStaff(root, "상담 1");
  const [held, key] = await inventCase(staff, await recipientOf(newAgeIdentity()));
  const opener = openerFrom(staff, root);
  const file = await openCase(held, opener);
  const writing = { id: crypto.randomUUID(), kind: "message", content: { text: "답" } } as const;
  const sealed = await sealWriting(writing, file, opener);
  const value = await openSealed(fromBase64url(sealed.sealed), key.identity);
  expect(readDocument(value, { caseId: held.id, kind: "message" }, root.public)?.content).toEqual({ text: "답" });
  expect(readDocument(value, { caseId: crypto.randomUUID(), kind: "message" }, root.public)).toBeNull();
});

test("assignment re-seals every document to a new key that only the named holders can unwrap", async () => {
  const [giver, taker, former] = await Promise.all(["접수", "담당", "떠난"].map((name) => inventStaff(root, name)));
  if (!giver || !taker || !former) throw new Error("invented staff are missing");
  const survivor = newAgeIdentity();
  const recovery = await newRecovery();
  const [held, key] = await inventCase(giver, await recipientOf(survivor));
  const story = { by: "survivor", content: { story: "말", names: "" } };
  held.documents = [
    await inventDocument(key, { kind: "story", by: "survivor", value: story }),
    await inventDocument(await newCaseKey(key.survivorRecipient), {
      kind: "message",
      by: "survivor",
      value: "열리지 않음",
    }),
  ];
  const [assignee] = certifiedColleagues([taker.member], root.public, Date.now());
  if (assignee === undefined) throw new Error("not certified");
  const file = await openCase(held, openerFrom(giver, root));
  const holders = { assignee, also: [], recoveryRecipient: recovery.recipient };
  const { assignTo, rekey } = await assignCase(file, holders);
  expect(assignTo).toBe(taker.member.id);
  expect(rekey.fromVersion).toBe(1);
  expect(rekey.caseRecipient).not.toBe(key.recipient);
  expect(rekey.documents.map(({ id }) => id)).toEqual(held.documents.map(({ id }) => id));
  expect(rekey.wraps.map(({ holder }) => holder).toSorted()).toEqual(
    ["recovery", "survivor", taker.member.id].toSorted(),
  );
  const recovered = (await recoverIdentity(recovery.shares.slice(1, 4), recovery.recipient)) ?? "";
  for (const [holder, identity] of [
    [taker.member.id, taker.key.identity],
    ["survivor", survivor],
    ["recovery", recovered],
  ]) {
    const wrapped = rekey.wraps.find((wrap) => wrap.holder === holder)?.wrapped ?? "";
    const opened = await unwrapCaseKey(fromBase64url(wrapped), identity ?? "");
    const sealed = fromBase64url(rekey.documents[0]?.sealed ?? "");
    expect(await openSealed(sealed, opened.identity)).toEqual(story);
    await expect(openSealed(sealed, key.identity)).rejects.toThrow();
  }
});

test("only colleagues at work whose shown key the root signed can be given a case", async () => {
  const [true1, stranger, left, swapped] = [
    await inventStaff(root, "상담 1"),
    await inventStaff(newRoot(), "상담 2"),
    await inventStaff(root, "상담 3"),
    await inventStaff(root, "상담 4"),
  ];
  const members = [
    true1.member,
    stranger.member,
    { ...left.member, state: "left" as const },
    { ...swapped.member, key: stranger.member.key },
    { ...true1.member, id: crypto.randomUUID() },
    { ...true1.member, certificate: null },
  ];
  const found = certifiedColleagues(members, root.public, Date.now());
  expect(found.map(({ staffId }) => staffId)).toEqual([true1.member.id]);
  expect(certifiedColleagues(members, root.public, Date.parse(NOT_AFTER) + 1)).toEqual([]);
});

test("a recovery key that the root did not sign is refused", async () => {
  const { certifyCentre, makeCentreKeys } = await import("../src/desk/ceremony.ts");
  const [keys, others, staff] = [await makeCentreKeys(), await makeCentreKeys(), await inventStaff(root, "상담 1")];
  const intake = {
    staffId: staff.member.id,
    roles: staff.member.roles,
    recipient: "",
    verifyKey: "",
    ...staff.member.key,
  };
  const setup = { step: "keys", enrolment: null, serviceKey: "ab".repeat(32), intake } as const;
  const text = { ko: "", en: "" };
  const texts = { name: text, contact: { phone: "", mail: "", hours: text } };
  const { certificates } = certifyCentre(keys, setup, texts, Date.now());
  const centre = { certificates: { ...certificates, intake: [] } } as unknown as Centre;
  expect(recoveryRecipient(centre, keys.root.public, Date.now())).toBe(keys.recovery.recipient);
  expect(recoveryRecipient(centre, others.root.public, Date.now())).toBeNull();
});
