/** RFC 9309, 2.5: at least 500 KiB are read. */
const MOST_BYTES = 500 * 1024;
const MOST_RULES = 2000;
const LONGEST_PATTERN = 512;

type Rule = { readonly allows: boolean; readonly pattern: string };

/**
 * Whether robots.txt lets an agent fetch an address, by RFC 9309: the groups of the agent, else those of `*`; of the rules that
 * match the longest wins, and of two as long the one that allows.
 */
export function isAllowedByRobots(text: string, asked: { readonly url: string; readonly agent: string }): boolean {
  const groups = readGroups(text.slice(0, MOST_BYTES));
  const own = groups.get(asked.agent.toLowerCase());
  const rules = own ?? groups.get("*") ?? [];
  const url = new URL(asked.url);
  const path = url.pathname + url.search;
  let best: Rule | null = null;
  for (const rule of rules) {
    if (!matches(rule.pattern, path)) continue;
    const longer = best === null ? 1 : rule.pattern.length - best.pattern.length;
    if (longer > 0 || (longer === 0 && rule.allows)) best = rule;
  }
  return best?.allows ?? true;
}

function readGroups(text: string): ReadonlyMap<string, Rule[]> {
  const groups = new Map<string, Rule[]>();
  let agents: string[] = [];
  let isNaming = false;
  let rules = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, key = "", value = ""] = /^\s*([a-z-]+)\s*:([^#]*)/i.exec(line) ?? [];
    const said = value.trim();
    if (/^user-agent$/i.test(key)) {
      const agent = said.split(/[/\s]/)[0]?.toLowerCase() ?? "";
      agents = isNaming ? [...agents, agent] : [agent];
      isNaming = true;
      if (!groups.has(agent)) groups.set(agent, []);
    } else if (/^(dis)?allow$/i.test(key)) {
      isNaming = false;
      if (said === "" || said.length > LONGEST_PATTERN || rules++ > MOST_RULES) continue;
      const rule = { allows: key.toLowerCase() === "allow", pattern: said };
      for (const agent of agents) groups.get(agent)?.push(rule);
    }
  }
  return groups;
}

/** `*` is any run of characters, `$` at the end the end; each piece is looked for once, from left to right. */
function matches(pattern: string, path: string): boolean {
  const isAnchored = pattern.endsWith("$");
  const pieces = (isAnchored ? pattern.slice(0, -1) : pattern).split("*");
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const isLast = index === pieces.length - 1;
    if (index === 0) {
      if (!path.startsWith(piece)) return false;
      at = piece.length;
    } else if (isLast && isAnchored) {
      return path.length - piece.length >= at && path.endsWith(piece);
    } else {
      const found = path.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
  }
  return !isAnchored || at === path.length;
}
