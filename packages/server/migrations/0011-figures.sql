-- Tables of figures that went out: what was shown stays known, so that the next release is audited together with all before it.
create table figure_release (
  id uuid primary key,
  -- Months, such as 2026-09; each release adds some of them up.
  periods text[] not null check (cardinality(periods) > 0),
  least integer not null check (least >= 5),
  cells jsonb not null,
  released_at timestamptz not null,
  released_by uuid not null references staff (id)
);
