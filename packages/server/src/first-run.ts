import { readCertificate } from "@jikim/evidence";
import type { CentreSettings, Database } from "./database.ts";
import { KeyTrouble, keepKeys, type ServerKeys } from "./keys.ts";
import { createCentre, findCentre, isOurDataKey } from "./store/centre.ts";
import { sealPlatforms } from "./store/platform-sealing.ts";
import type { Vault } from "./vault.ts";

/**
 * What the pages say until a centre writes its own. The duty: Act on the Protection of Children and Youth against Sex Offenses
 * art. 34(2) has heads and staff of the bodies it lists report at once to the police; whether it lists a given centre is for that
 * centre's counsel.
 */
const FIRST_SETTINGS: CentreSettings = {
  name: { ko: "지킴", en: "Jikim" },
  contact: { phone: "", mail: "", hours: { ko: "", en: "" } },
  duty: {
    ko: "피해를 입은 사람이 만 19세가 안 됐다면, 저희가 알게 된 범죄를 바로 경찰에 알려야 할 수 있어요. 법이 정한 일이에요. 나이를 모르면 만 19세가 안 된 것으로 여겨요. 그래서 무엇을 묻기 전에 먼저 말씀드려요.",
    en: "If the person harmed is under 19, the law may require us to tell the police at once about a crime we learn of. If the age is not known, we treat it as under 19. We tell you this before any question.",
  },
  counselOpinion: null,
};

/**
 * Makes the centre's row and keeps the keys at the very first start; afterwards checks that the keys are those of this database.
 * @throws {KeyTrouble}
 */
export async function prepareCentre(db: Database, vault: Vault, keys: ServerKeys): Promise<void> {
  const ours = await isOurDataKey(db, vault);
  if (ours === false) {
    throw new KeyTrouble(
      keys.fresh
        ? `The data key is missing in ${keys.folder}, and without it this database cannot be read. Put it back from your copy; nothing was changed.`
        : `The data key in ${keys.folder} is not the one this database was written with. Put back the right one; nothing was changed.`,
    );
  }
  const { root, serviceCertificate } = ours ? await findCentre(db) : { root: null, serviceCertificate: null };
  if (root !== null && serviceCertificate !== null) checkService(keys, root, serviceCertificate);
  await keepKeys(keys);
  if (ours === null) await createCentre(db, vault, FIRST_SETTINGS);
  await sealPlatforms(db, vault);
}

function checkService(
  { service, folder }: ServerKeys,
  root: string,
  certificate: Parameters<typeof readCertificate>[0],
): void {
  const certified = readCertificate(certificate, "service", root, Number.NEGATIVE_INFINITY);
  if (certified?.verifyKey === service.public) return;
  throw new KeyTrouble(
    `The service key in ${folder} is not the one the centre's root signed. Put back the keys that were saved with this database.`,
  );
}
