-- Fewer acts for a caseworker: drafts that write themselves, and addresses that are known to take no mail.
alter table place
  -- A notice about it is to be drafted by the server: since when, and when it looks next. Null: nothing is to be drafted.
  add column draft_from timestamptz,
  add column draft_at timestamptz,
  add check ((draft_from is null) = (draft_at is null));
create index place_draft on place (draft_at) where draft_at is not null;

alter table notice
  -- Drafted by the server itself for whoever is asked first; it may be written anew until a person approves or discards it.
  add column prepared boolean not null default false,
  -- A person decided that this recipient is not asked about these places.
  add column discarded_at timestamptz,
  add column discarded_by uuid references staff (id),
  add check ((discarded_at is null) = (discarded_by is null)),
  add check (discarded_at is null or state = 'stopped');
create index notice_prepared on notice (case_id) where state = 'draft';

-- A mail server said that a recipient's address takes no mail. address_key: the same keyed hash as in recipient.reached_keys, so an
-- address that is written down anew is alive.
create table dead_address (
  recipient_id uuid not null references recipient (id) on delete cascade,
  address_key bytea not null,
  -- Such as 5.1.1 (RFC 3463).
  status text not null check (status ~ '^5\.\d{1,3}\.\d{1,3}$'),
  since timestamptz not null,
  until timestamptz not null,
  primary key (recipient_id, address_key),
  check (until > since)
);
