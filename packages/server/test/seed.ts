import type { Role } from "@jikim/casework";
import {
  type Certified,
  certify,
  newPassphrase,
  newRecoveryKey,
  newSigningKey,
  newStaffKey,
  type Passphrase,
  passphraseToken,
  publicStaffKey,
  type RecoveryKey,
  type Signed,
  type SigningKey,
  type StaffKey,
  wrapWithPassphrase,
} from "@jikim/evidence";
import { hash } from "@node-rs/argon2";
import type { Jikim } from "../src/jikim.ts";
import { findCentre } from "../src/store/centre.ts";
import { recordEnrolment } from "../src/store/enrolment.ts";
import { invite, renewSetup } from "../src/store/invitation.ts";
import { openCentre } from "../src/store/opening.ts";
import { startSession } from "../src/store/session.ts";
import { holdsKeys } from "../src/store/staff.ts";

/** A person of a seeded centre, with everything she has. */
export type SeededPerson = {
  readonly staffId: string;
  readonly pseudonym: string;
  readonly roles: readonly Role[];
  readonly passphrase: Passphrase;
  /** null for roles that hold no case keys. */
  readonly key: StaffKey | null;
  readonly certificate: Signed | null;
  /** Headers of a signed-in request from the desk. */
  readonly headers: { readonly cookie: string; readonly "x-jikim": string };
};

/** Someone who holds case keys. */
export type SeededStaff = SeededPerson & { readonly key: StaffKey; readonly certificate: Signed };

export type SeededCentre = {
  readonly root: SigningKey;
  readonly recovery: RecoveryKey;
  readonly admin: SeededPerson;
  /** Intake, caseworker and supervisor in one person, as after the first set-up. */
  readonly staff: SeededStaff;
};

/** Opens a centre whose row is there, without a browser: keys, an admin and one person for all casework, both signed in. */
export async function seedCentre(jikim: Jikim): Promise<SeededCentre> {
  const { db } = jikim;
  const [root, recovery] = [newSigningKey(), await newRecoveryKey()];
  await renewSetup(db, jikim.now());
  await db.deleteFrom("staff").where("state", "=", "invited").execute();
  const admin = await seedPerson(jikim, { pseudonym: "관리 1", roles: ["admin"], root });
  const staff = await seedStaff(jikim, { pseudonym: "상담 1", roles: ["intake", "caseworker", "supervisor"], root });
  const notAfter = inAYear(jikim);
  const { settings } = await findCentre(db);
  const opening = {
    root: root.public,
    service: certify({ kind: "service", verifyKey: jikim.service.public, notAfter }, root.secret),
    recovery: certify({ kind: "recovery", recipient: recovery.recipient, notAfter }, root.secret),
    recoveryRecipient: recovery.recipient,
    intake: { staffId: staff.staffId, certificate: staff.certificate },
    settings: {
      ...settings,
      name: { ko: "가상 센터", en: "Invented centre" },
      contact: { ...settings.contact, mail: "help@centre.example" },
      senderKind: "counselling-centre" as const,
      signer: "가상 상담팀",
    },
  };
  await openCentre(db, opening, jikim.now());
  return { root, recovery, admin, staff };
}

type Wanted = { readonly pseudonym: string; readonly roles: readonly Role[]; readonly root: SigningKey };

/** One more person of casework, certified by the root and signed in. */
export async function seedStaff(jikim: Jikim, wanted: Wanted): Promise<SeededStaff> {
  const { key, certificate, ...person } = await seedPerson(jikim, wanted);
  if (key === null || certificate === null) throw new Error("these roles hold no case keys");
  return { ...person, key, certificate };
}

/** One more person, active and signed in. */
export async function seedPerson(jikim: Jikim, { pseudonym, roles, root }: Wanted): Promise<SeededPerson> {
  const { db } = jikim;
  const [now, token, passphrase] = [jikim.now(), crypto.randomUUID(), newPassphrase()];
  const key = holdsKeys(roles) ? newStaffKey() : null;
  const publicKey = key && (await publicStaffKey(key));
  const staffId = await invite(db, { roles, token, expiresAt: now.add({ hours: 1 }) }, now);
  const passphraseHash = await hash(passphraseToken(passphrase).replace("=", ""), { memoryCost: 1024, timeCost: 1 });
  const wrapped = key && Buffer.from(await wrapWithPassphrase(key, passphrase));
  await recordEnrolment(
    db,
    {
      ...{ token, staffId, pseudonym, key: publicKey },
      state: "waiting",
      waysIn: [{ kind: "passphrase", passphraseHash, wrapped }],
    },
    now,
  );
  const certified: Certified | null = publicKey && {
    ...{ kind: "staff", staffId, roles: [...roles], notAfter: inAYear(jikim) },
    ...publicKey,
  };
  const certificate = certified && certify(certified, root.secret);
  const values = { state: "active" as const, certificate: certificate && JSON.stringify(certificate) };
  await db.updateTable("staff").set(values).where("id", "=", staffId).execute();
  const headers = { cookie: await signIn(jikim, staffId), "x-jikim": "desk" };
  return { staffId, pseudonym, roles, passphrase, key, certificate, headers };
}

async function signIn(jikim: Jikim, staffId: string): Promise<string> {
  const credential = await jikim.db
    .selectFrom("credential")
    .select("id as credentialId")
    .where("staffId", "=", staffId)
    .executeTakeFirstOrThrow();
  const token = await startSession(jikim.db, { staffId, ...credential }, { from: jikim.now(), hours: 12 });
  return `jikim-session=${token}`;
}

function inAYear(jikim: Jikim): string {
  return jikim
    .now()
    .add({ hours: 365 * 24 })
    .toString();
}
