import type { Page } from "@playwright/test";

/** Names of the databases in this browser, and everything in them, as bytes. */
export async function keptOn(page: Page): Promise<{ names: string[]; bytes: Buffer }> {
  const { names, bytes } = await page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const names: string[] = [];
    const bytes: number[] = [];
    const keep = (value: unknown): void => {
      if (value instanceof Uint8Array) bytes.push(...value);
      else if (typeof value === "object" && value !== null) Object.entries(value).flat().forEach(keep);
      else bytes.push(...new TextEncoder().encode(`${value}\n`));
    };
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        names.push(`${name}/${store}`);
        keep(await asked(database.transaction(store).objectStore(store).getAll()));
      }
      database.close();
    }
    keep({ ...localStorage });
    return { names, bytes };
  });
  return { names, bytes: Buffer.from(bytes) };
}
