create table platform (
  id uuid primary key,
  name text not null unique,
  hosts text[] not null,
  mail text,
  language text not null check (language in ('ko', 'en')),
  hostile boolean not null default false,
  key_hash bytea unique,
  key_expires_at timestamptz,
  key_revoked_at timestamptz,
  last_seen_at timestamptz,
  -- The number of the list that it last asked from.
  list_number bigint,
  -- How many notices left for it; numbers them without a gap.
  notices_sent bigint not null default 0 check (notices_sent >= 0),
  created_at timestamptz not null,
  check ((key_hash is null) = (key_expires_at is null))
);

create table entry (
  id uuid primary key,
  case_id uuid not null references cases (id),
  item_id uuid not null references item (id),
  basis text not null check (basis in ('self-reported', 'police', 'court', 'platform-review')),
  reference_sealed bytea,
  disputed boolean not null default false,
  state text not null check (state in ('active', 'withdrawn')),
  since timestamptz not null,
  withdrawn_at timestamptz,
  check ((state = 'withdrawn') = (withdrawn_at is not null)),
  check (basis = 'self-reported' or reference_sealed is not null)
);
create unique index entry_one_active on entry (item_id) where state = 'active';
create index entry_case on entry (case_id);

-- Numbered, chained, signed. The payload holds fingerprints and is sealed at rest; a withdrawal leaves the number and the
-- digest of the put it ends, and erases that put's payload.
create table list_change (
  number bigint primary key check (number >= 1),
  entry_id uuid not null references entry (id),
  kind text not null check (kind in ('put', 'withdraw')),
  payload_sealed bytea not null,
  signature text not null,
  digest bytea not null check (length(digest) = 32),
  in_force boolean not null,
  changed_at timestamptz not null,
  check (kind = 'put' or not in_force)
);
create index list_change_in_force on list_change (number) where in_force;
create index list_change_entry on list_change (entry_id);

create table list_head (
  id integer primary key check (id = 1),
  number bigint not null,
  digest bytea not null check (length(digest) = 32),
  active integer not null check (active >= 0),
  sum bytea not null check (length(sum) = 2048)
);
insert into list_head values (1, 0, decode(repeat('00', 32), 'hex'), 0, decode(repeat('00', 2048), 'hex'));

create table platform_answer (
  id uuid not null,
  platform_id uuid not null references platform (id),
  entry_id uuid not null references entry (id),
  did text not null check (did in ('held', 'blocked', 'released', 'dropped')),
  answered_at timestamptz not null,
  received_at timestamptz not null,
  primary key (platform_id, id)
);
create index platform_answer_entry on platform_answer (entry_id);

create table notice (
  id uuid primary key,
  -- Order of sending to this platform, for platforms that follow their notices; none before it is sent.
  number bigint check (number >= 1),
  case_id uuid not null references cases (id),
  platform_id uuid not null references platform (id),
  state text not null check (state in ('draft', 'approved', 'sent', 'answered', 'stopped')),
  letter_sealed bytea not null,
  -- The signed text that left, exactly.
  signed_sealed bytea,
  created_at timestamptz not null,
  approved_at timestamptz,
  approved_by uuid references staff (id),
  sent_at timestamptz,
  due_at timestamptz,
  clock jsonb,
  answer text check (answer in ('received', 'removed', 'refused', 'needs-information')),
  answered_at timestamptz,
  stopped_at timestamptz,
  check (state = 'draft' or state = 'stopped' or (approved_at is not null and approved_by is not null)),
  check (state not in ('sent', 'answered') or (sent_at is not null and signed_sealed is not null and number is not null)),
  check ((state = 'answered') = (answered_at is not null and answer is not null)),
  check ((state = 'stopped') = (stopped_at is not null))
);
create index notice_case on notice (case_id);
create unique index notice_platform on notice (platform_id, number);

create table notice_place (
  notice_id uuid not null references notice (id) on delete cascade,
  place_id uuid not null references place (id),
  primary key (notice_id, place_id)
);
create index notice_place_place on notice_place (place_id);

-- The outbox: written with the approval, emptied by the sender.
create table delivery (
  notice_id uuid not null references notice (id) on delete cascade,
  channel text not null check (channel in ('api', 'mail')),
  state text not null check (state in ('pending', 'sent', 'failed')),
  attempts integer not null default 0,
  next_try_at timestamptz,
  done_at timestamptz,
  primary key (notice_id, channel),
  check ((state = 'pending') = (done_at is null))
);
create index delivery_pending on delivery (next_try_at) where state = 'pending';
