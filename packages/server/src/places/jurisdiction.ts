import type { Jurisdiction } from "@jikim/casework";

/** Members of the European Union: europa.eu, "EU countries"; 27 since 2020-02-01. */
const EU: ReadonlySet<string> = new Set(
  "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split(" "),
);
const OTHERS: Readonly<Record<string, Jurisdiction>> = {
  KR: "kr",
  US: "us",
  GB: "gb",
  AU: "au",
  JP: "jp",
  TW: "tw",
  CA: "ca",
};

/** Whose law somebody in a country answers to, of those we hold tables for; null for others. */
export function jurisdictionOf(country: string | null): Jurisdiction | null {
  if (country === null) return null;
  return EU.has(country) ? "eu" : (OTHERS[country] ?? null);
}
