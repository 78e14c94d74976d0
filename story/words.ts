import type { Locator, Page } from "@playwright/test";
import deskWords from "../packages/web/messages/desk/ko.json" with { type: "json" };
import evidenceWords from "../packages/web/messages/evidence/ko.json" with { type: "json" };
import portalWords from "../packages/web/messages/portal/ko.json" with { type: "json" };

type Facts = Readonly<Record<string, string | number>>;

/** What the portal says, as a survivor reads it. */
export function said(key: keyof typeof portalWords, facts: Facts = {}): string {
  return fill(portalWords[key], facts);
}

/** What the desk says, as a caseworker reads it. */
export function deskSaid(key: keyof typeof deskWords, facts: Facts = {}): string {
  return fill(deskWords[key], facts);
}

/** What the pages of evidence say, to a caseworker and to a unit outside. */
export function evidenceSaid(key: keyof typeof evidenceWords, facts: Facts = {}): string {
  return fill(evidenceWords[key], facts);
}

function fill(text: string, facts: Facts): string {
  return text.replaceAll(/\{(\w+)\}/g, (gap, name: string) => String(facts[name] ?? gap));
}

/** A button by exactly this name. */
export function button(where: Page | Locator, name: string): Locator {
  return where.getByRole("button", { name, exact: true });
}

/** Waits until the page's title is this. */
export function titled(page: Page, name: string): Promise<void> {
  return page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
}
