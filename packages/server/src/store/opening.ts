import type { Signed } from "@jikim/evidence";
import type { CentreSettings, Database } from "../database.ts";

/** What the centre's root signed at the set-up. */
export type Opening = {
  readonly root: string;
  readonly service: Signed;
  readonly recovery: Signed;
  readonly recoveryRecipient: string;
  readonly intake: { readonly staffId: string; readonly certificate: Signed };
  readonly settings: CentreSettings;
};

/** Opens the centre. False, and nothing changed, when it was open already. */
export async function openCentre(db: Database, opening: Opening, now: Temporal.Instant): Promise<boolean> {
  const { root, service, recovery, recoveryRecipient, intake, settings } = opening;
  return db.transaction().execute(async (tx) => {
    const result = await tx
      .updateTable("centre")
      .set({
        root,
        serviceCertificate: JSON.stringify(service),
        recoveryCertificate: JSON.stringify(recovery),
        recoveryRecipient,
        settings: JSON.stringify(settings),
        openedAt: now.toString(),
      })
      .where("openedAt", "is", null)
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n) return false;
    await tx
      .updateTable("staff")
      .set({ state: "active", certificate: JSON.stringify(intake.certificate) })
      .where("id", "=", intake.staffId)
      .execute();
    return true;
  });
}
