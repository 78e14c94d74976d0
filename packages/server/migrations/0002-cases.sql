-- Columns named *_sealed hold ciphertext under the data key, *_key a keyed hash under it; "sealed" alone is an age file
-- that the server cannot open.
create table draft (
  token_key bytea primary key,
  sealed bytea not null,
  saved_at timestamptz not null,
  expires_at timestamptz not null
);

create table cases (
  id uuid primary key,
  number integer generated always as identity unique,
  submission_id uuid not null unique,
  token_key bytea not null unique,
  survivor_recipient text not null,
  case_recipient text not null,
  key_version integer not null default 1 check (key_version >= 1),
  state text not null check (state in ('received', 'open', 'set-aside', 'closed')),
  language text not null check (language in ('ko', 'en')),
  received_at timestamptz not null,
  -- {danger, threat, policeHold, ageBand, harms}
  codes_sealed bytea not null,
  notify_sealed bytea,
  withdrawal_plan text not null check (withdrawal_plan in ('at-once', 'after-24-hours')),
  receipt jsonb not null,
  assigned_to uuid references staff (id),
  safe_contact_waiting_since timestamptz,
  unanswered_since timestamptz,
  -- Worked out by casework's nextAct at every change, for ordering and paging.
  next_act text not null,
  next_due_at timestamptz,
  next_clock jsonb,
  closed_at timestamptz,
  check ((state = 'closed') = (closed_at is not null))
);
create index cases_queue on cases (state, next_due_at nulls last, id);
create index cases_received on cases (received_at);
create index cases_assigned on cases (assigned_to, next_due_at nulls last, id);

create table case_wrap (
  case_id uuid not null references cases (id) on delete cascade,
  -- 'survivor', 'recovery' or a staff id
  holder text not null,
  wrapped bytea not null,
  primary key (case_id, holder)
);

create table document (
  id uuid primary key,
  case_id uuid not null references cases (id) on delete cascade,
  kind text not null check (kind in ('story', 'contact', 'message', 'note', 'mandate')),
  author text not null check (author in ('survivor', 'staff')),
  staff_id uuid references staff (id),
  written_at timestamptz not null,
  sealed bytea not null,
  check ((author = 'staff') = (staff_id is not null)),
  check (author = 'staff' or kind in ('story', 'contact', 'message'))
);
create index document_case on document (case_id, written_at);

create table mandate (
  case_id uuid primary key references cases (id) on delete cascade,
  established_by text not null check (established_by in ('talk', 'documents')),
  recorded_at timestamptz not null,
  recorded_by uuid not null references staff (id),
  document_id uuid not null references document (id)
);

create table consent (
  case_id uuid not null references cases (id) on delete cascade,
  act text not null check (act in ('remove', 'share', 'police', 'statistics')),
  state text not null check (state in ('refused', 'given', 'withdrawing', 'withdrawn')),
  given_at timestamptz,
  effective_at timestamptz,
  withdrawn_at timestamptz,
  primary key (case_id, act),
  check ((state in ('given', 'withdrawing')) = (given_at is not null)),
  check ((state = 'withdrawing') = (effective_at is not null)),
  check ((state = 'withdrawn') = (withdrawn_at is not null))
);
create index consent_effective on consent (effective_at) where state = 'withdrawing';

create table item (
  id uuid primary key,
  case_id uuid not null references cases (id) on delete cascade,
  number integer not null,
  kind text not null check (kind in ('picture', 'video')),
  unique (case_id, number)
);

-- 1 to 32 for an item: the whole picture, its parts, or frames.
create table item_fingerprint (
  item_id uuid not null references item (id) on delete cascade,
  position integer not null check (position between 1 and 32),
  fingerprint_sealed bytea not null,
  value_key bytea not null,
  primary key (item_id, position)
);
create index item_fingerprint_value on item_fingerprint (value_key);

create table place (
  id uuid primary key,
  case_id uuid not null references cases (id) on delete cascade,
  number integer not null,
  address_sealed bytea not null,
  address_key bytea not null,
  named_by text not null check (named_by in ('survivor', 'staff')),
  state text not null default 'open' check (state in ('open', 'asked', 'removed', 'blocked', 'back')),
  next_check_at timestamptz,
  unique (case_id, number),
  unique (case_id, address_key)
);
create index place_address on place (address_key);

create table place_check (
  id uuid primary key,
  place_id uuid not null references place (id) on delete cascade,
  checked_at timestamptz not null,
  outcome text not null check (outcome in ('removed', 'there', 'blocked', 'cannot-tell'))
);
create index place_check_place on place_check (place_id, checked_at);

-- Every release of a case's data: roles and pseudonyms, never names. She reads it with her code.
create table release (
  id bigint generated always as identity primary key,
  case_id uuid not null references cases (id) on delete cascade,
  released_at timestamptz not null,
  role text not null,
  who text not null,
  what text not null
);
create index release_case on release (case_id, id);
