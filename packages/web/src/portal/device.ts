/** A report as it waits on her device: the id of its submission, and all of it sealed. */
export type Waiting = { readonly id: string; readonly sealed: Uint8Array };

/**
 * What stays in this browser, and only after "send": sealed reports that no server has acknowledged. The names say nothing.
 * Every function gives way where the browser refuses storage.
 */
const DATABASE = "notes";
const STORE = "pages";

/** Looking for what waits must leave no trace either: only a write makes the database. */
function open(mode: IDBTransactionMode): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      if (mode === "readonly") request.transaction?.abort();
      else request.result.createObjectStore(STORE, { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

async function inStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open(mode);
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = use(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Keeps a sealed report until it is acknowledged. False when this browser keeps nothing. */
export async function keepWaiting({ id, sealed }: Waiting): Promise<boolean> {
  try {
    await inStore("readwrite", (store) => store.put({ id, sealed }));
    return true;
  } catch {
    return false;
  }
}

/** The sealed reports that wait here. */
export async function allWaiting(): Promise<Waiting[]> {
  const rows: unknown[] = await inStore("readonly", (store) => store.getAll()).catch(() => []);
  return rows.filter(isWaiting);
}

/** Deletes an acknowledged report; the database goes with the last one. */
export async function dropWaiting(id: string): Promise<void> {
  try {
    if ((await allWaiting()).some((waiting) => waiting.id !== id))
      await inStore("readwrite", (store) => store.delete(id));
    else await removeDatabase();
  } catch {
    // Sent twice is one report: the server knows its id.
  }
}

function removeDatabase(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(DATABASE);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    // Another tab is reading; the deletion happens as soon as it has done so.
    request.onblocked = () => resolve();
  });
}

function isWaiting(row: unknown): row is Waiting {
  if (typeof row !== "object" || row === null || !("id" in row) || !("sealed" in row)) return false;
  return typeof row.id === "string" && row.sealed instanceof Uint8Array;
}
