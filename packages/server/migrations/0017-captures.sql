-- Powers of the police or a court under which pages are captured, and the captures. Addresses, numbers and words lie under the data key.
create table authority (
  id uuid primary key,
  case_id uuid not null references cases (id) on delete cascade,
  kind text not null check (kind in ('police-request', 'emergency', 'court-permit')),
  facts_sealed bytea not null,
  from_at timestamptz not null,
  until_at timestamptz,
  -- Of an emergency: its hours end here unless it was approved.
  approve_by timestamptz,
  approved_at timestamptz,
  ended_at timestamptz,
  recorded_by uuid not null references staff (id),
  recorded_at timestamptz not null,
  check ((kind = 'emergency') = (approve_by is not null)),
  check (approved_at is null or approved_at <= approve_by),
  check (kind <> 'court-permit' or until_at is not null)
);
create index authority_case on authority (case_id, recorded_at);
create index authority_unapproved on authority (approve_by) where approve_by is not null and approved_at is null;

create table capture (
  id uuid primary key,
  case_id uuid not null references cases (id) on delete cascade,
  number integer not null,
  state text not null check (state in ('queued', 'running', 'sealed', 'failed')),
  order_sealed bytea not null,
  place_id uuid references place (id) on delete set null,
  mode text not null check (mode in ('hash-and-discard', 'keep-matching')),
  minor boolean not null,
  access text not null check (access in ('open', 'closed')),
  signed_in boolean not null,
  authority_id uuid references authority (id),
  ordered_by uuid not null references staff (id),
  ordered_role text not null,
  ordered_at timestamptz not null,
  tries integer not null default 0,
  started_at timestamptz,
  ended_at timestamptz,
  -- Of a running one: who works at it gave no sign of life if this is past. Of a queued one with a session: how long its session is kept.
  lease_until timestamptz,
  -- Of the try that runs, then of the pack: also the id of its sealed file.
  pack_id uuid unique,
  failure text,
  kept integer,
  media integer,
  not_stored integer,
  gaps integer,
  -- Its authority was not approved in time: recorded once, for the custody.
  locked_at timestamptz,
  unique (case_id, number),
  check (mode = 'hash-and-discard' or not minor),
  check ((state = 'failed') = (failure is not null)),
  check ((state in ('sealed', 'failed')) = (ended_at is not null)),
  check (state <> 'running' or (lease_until is not null and pack_id is not null)),
  check (state in ('queued', 'running') or lease_until is null),
  check ((state = 'sealed') = (num_nonnulls(kept, media, not_stored, gaps) = 4)),
  check (state <> 'sealed' or pack_id is not null),
  check (locked_at is null or state = 'sealed')
);
create index capture_case on capture (case_id, number);
create index capture_waiting on capture (lease_until nulls first) where state in ('queued', 'running');
create index capture_authority on capture (authority_id) where authority_id is not null;

-- Counsel's opinion on rooms that are captured through accounts the centre owns.
create table closed_rooms (
  id integer primary key default 1 check (id = 1),
  reference text not null,
  given_on date not null,
  recorded_by uuid not null references staff (id),
  recorded_at timestamptz not null
);
