/** What the takedown engine's pages ask: results, figures, laws and what is watched. */
import type { desk, watch } from "@jikim/server/contract";
import { ask, post } from "./server.ts";

export type Laws = desk.Laws;
export type LawRow = Laws["tables"][number]["laws"][number];
export type Results = desk.Results;
export type ResultRow = Results["rows"][number];
export type ResultsBy = "recipient" | "ground" | "channel";
export type PublishedFigures = desk.PublishedFigures;
export type Source = watch.Source;
export type SourcePost = watch.SourcePost;

export const readLaws = () => ask<Laws>("/api/desk/laws");
export const recordReading = (id: string, reading: { day: string; stands: boolean; reference: string }) =>
  post<unknown>(`/api/desk/laws/${id}/readings`, reading);
export const readResults = (by: ResultsBy) => ask<Results>(`/api/desk/results?by=${by}`);
export const readFigures = () => ask<PublishedFigures>("/api/desk/figures");
export const publishFigures = (months: readonly string[], scope: "small" | "national") =>
  post<PublishedFigures>("/api/desk/figures", { months, scope });
export type Means = watch.Means;
export const readMeans = () => ask<Means>("/api/desk/means");
export const readSources = () => ask<readonly Source[]>("/api/desk/sources");
export const addSource = (source: SourcePost) => post<unknown>("/api/desk/sources", source);
export const changeSource = (id: string, change: "end" | "sweep") =>
  post<unknown>(`/api/desk/sources/${id}`, { change });
