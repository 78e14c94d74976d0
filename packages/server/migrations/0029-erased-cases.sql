-- A case that is erased whole: since when that is wanted, and when it was done. What she agreed to is taken back first, and who was asked told.
alter table erasure
  add column case_wanted_at timestamptz,
  add column case_erased_at timestamptz;
create index erasure_wanted on erasure (case_wanted_at) where case_wanted_at is not null and case_erased_at is null;

-- Ids of notices whose cases were erased: random, and of nothing that is left. Mail that names one is not kept.
create table erased_notice (
  id uuid primary key,
  erased_at timestamptz not null,
  -- When the mailbox was searched for it; null: still to do.
  searched_at timestamptz
);
create index erased_notice_unsearched on erased_notice (erased_at) where searched_at is null;
