import { centreSchema } from "../contract/portal.ts";
import { findCentre } from "../store/centre.ts";
import { findIntake } from "../store/staff.ts";
import type { Routes } from "./app-type.ts";
import { aMinute } from "./limits.ts";

/** GET /api/centre: public; the portal checks every certificate against the root on the leaflet. */
export const centreRoutes: Routes = (app, jikim) => {
  const options = { ...aMinute(jikim.config.anonymousAMinute), schema: { response: { 200: centreSchema } } };
  app.get("/api/centre", options, async () => {
    const centre = await findCentre(jikim.db);
    const { name, contact, duty } = centre.settings;
    return {
      open: centre.openedAt !== null,
      gate: centre.gate,
      name,
      contact,
      duty,
      root: centre.root,
      certificates: {
        service: centre.serviceCertificate,
        recovery: centre.recoveryCertificate,
        intake: centre.root === null ? [] : await intakeCertificates(centre.root),
      },
    };
  });
  const intakeCertificates = async (root: string) =>
    (await findIntake(jikim.db, root, jikim.now())).map((staff) => staff.certificate);
};
