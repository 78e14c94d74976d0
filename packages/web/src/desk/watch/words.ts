import { m } from "../../paraglide/messages.js";
import type { Means, Source } from "../engine.ts";

export const SOURCE_KINDS = ["page", "feed", "sitemap", "search"] as const satisfies readonly Source["kind"][];

const KIND: { readonly [kind in Source["kind"]]: () => string } = {
  page: m.desk_source_page,
  feed: m.desk_source_feed,
  sitemap: m.desk_source_sitemap,
  search: m.desk_source_search,
};
export const saySourceKind = (kind: Source["kind"]) => KIND[kind]();

const RESULT: { readonly [result in NonNullable<Source["last"]>["result"]]: () => string } = {
  looked: m.desk_source_looked,
  unchanged: m.desk_source_unchanged,
  unreachable: m.desk_source_unreachable,
  unreadable: m.desk_source_unreadable,
  disallowed: m.desk_source_disallowed,
};
export const saySourceResult = (result: NonNullable<Source["last"]>["result"]) => RESULT[result]();

type Missing = Means["missing"][number]["package"];
const MISSING: { readonly [name in Missing]: () => string } = {
  chromium: m.desk_means_chromium,
  ffmpeg: m.desk_means_ffmpeg,
  "fonts-nanum": m.desk_means_fonts,
};
export const sayMissing = (name: Missing) => MISSING[name]();
