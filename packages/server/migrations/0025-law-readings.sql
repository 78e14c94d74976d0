-- Somebody of the centre looked at the source of a row of law again. Nothing here is changed or taken back: the last word counts.
create table law_reading (
  id bigint generated always as identity primary key,
  law_id text not null,
  -- The row as it then stood: a reading says nothing of a row whose text has changed since.
  text text not null,
  looked_on date not null,
  stands boolean not null,
  -- Where it was read, and who vouches for it: "law.go.kr; counsel's opinion 2026-11".
  reference text not null,
  recorded_by uuid not null references staff (id),
  recorded_at timestamptz not null
);
create index law_reading_law on law_reading (law_id, id);
