import { Resolver } from "node:dns/promises";
import { z } from "zod";

/** From where a check looks: directly, or through a proxy in another country. */
export type Vantage = {
  /** Unique; kept with each check. */
  readonly name: string;
  /** ISO 3166-1 alpha-2, lowercase; null when the operator did not say. */
  readonly country: string | null;
  /** http://, https:// (both by CONNECT) or socks5://, with a name and a password where it asks for them; null: directly. */
  readonly proxy: string | null;
  /** IP address, with a port where it is not 53, of a name server as people there use it; null: names are resolved by this machine. */
  readonly nameServer?: string | null;
};

const MOST_VANTAGES = 12;
const ENTRY = /^(?:([a-z]{2})=)?(direct|(?:https?|socks5h?):\/\/[^\s#]+)(?:#dns=(\S+))?$/;

/**
 * Reads JIKIM_VANTAGES: entries apart by spaces or commas, such as `kr=direct us=http://user:word@proxy.example:3128
 * de=socks5://10.0.0.5:1080#dns=192.0.2.53`. Only the country of `direct` may be left out.
 */
export const vantagesSchema = z.string().transform((text, check): readonly Vantage[] => {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== "");
  const vantages: Vantage[] = [];
  for (const entry of entries) {
    const [, country = null, way, nameServer = null] = ENTRY.exec(entry) ?? [];
    const isWay = way === "direct" || (way !== undefined && country !== null && URL.canParse(way));
    const isReadable = isWay && (nameServer === null || isNameServer(nameServer));
    if (!isReadable) {
      check.addIssue({ code: "custom", message: `Entry ${vantages.length + 1} is not like kr=direct or us=http://…` });
      return z.NEVER;
    }
    const name = way === "direct" ? "direct" : (country ?? "");
    const same = vantages.filter((one) => one.name.replace(/-\d+$/, "") === name).length;
    const proxy = way === "direct" ? null : way;
    const named = nameServer === null ? {} : { nameServer };
    vantages.push({ name: same === 0 ? name : `${name}-${same + 1}`, country, proxy, ...named });
  }
  if (vantages.length === 0 || vantages.length > MOST_VANTAGES)
    check.addIssue({ code: "custom", message: `There must be 1 to ${MOST_VANTAGES} of them.` });
  return vantages;
});

/** An IP address, `192.0.2.53:5353` or `[2001:db8::53]:5353`: what node:dns takes. */
function isNameServer(text: string): boolean {
  try {
    new Resolver().setServers([text]);
    return true;
  } catch {
    return false;
  }
}

/** One look from where we are. */
export const DIRECTLY: readonly Vantage[] = [{ name: "direct", country: null, proxy: null }];
