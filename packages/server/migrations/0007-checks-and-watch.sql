-- Checks from several vantages. Addresses, what is remembered of an answer, and rules of robots.txt lie under the data key; hosts
-- are keyed hashes under it.
alter table place
  drop constraint place_named_by_check,
  drop constraint place_state_check,
  add constraint place_named_by_check check (named_by in ('survivor', 'staff', 'watch')),
  add constraint place_state_check check (state in ('open', 'asked', 'removed', 'blocked', 'de-indexed', 'back')),
  -- The last notice about it that its checks were planned for; null before, and again when it came back.
  add column ladder_from timestamptz,
  -- Its turn at its host, when that is later than the check was due.
  add column turn_at timestamptz,
  -- A link that may be unique to her is fetched only when she and a caseworker said yes.
  add column fetch_yes_survivor timestamptz,
  add column fetch_yes_staff timestamptz,
  add column fetch_yes_staff_by uuid references staff (id),
  add check ((fetch_yes_staff is null) = (fetch_yes_staff_by is null));
create index place_due on place (next_check_at) where next_check_at is not null;
create index place_unplanned on place (id) where state = 'asked' and next_check_at is null;

alter table place_check
  drop constraint place_check_outcome_check,
  add constraint place_check_outcome_check check (outcome in ('removed', 'there', 'blocked', 'de-indexed', 'cannot-tell')),
  -- [{vantage, country, saw}]: what each vantage saw.
  add column vantages jsonb not null default '[]',
  -- Countries that could not see it; only for blocked.
  add column blocked_in text[] not null default '{}',
  -- What robots.txt said of the page then. A check of a named page looks all the same.
  add column robots text check (robots in ('allowed', 'disallowed', 'none', 'unknown')),
  add check (outcome = 'blocked' or blocked_in = '{}');

-- Validators (ETag, Last-Modified) of the last look, and where on the page the item was seen.
create table place_memory (
  place_id uuid not null references place (id) on delete cascade,
  vantage text not null,
  memory_sealed bytea not null,
  primary key (place_id, vantage)
);

-- When a host may next be asked, by whichever process, and what its robots.txt said.
create table host_pace (
  host_key bytea primary key,
  next_at timestamptz not null,
  robots_sealed bytea,
  robots_at timestamptz
);

-- What the centre is authorised to watch.
create table source (
  id uuid primary key,
  kind text not null check (kind in ('page', 'feed', 'sitemap', 'search')),
  address_sealed bytea not null,
  address_key bytea not null,
  -- {text}: on what authority it is watched.
  authorisation_sealed bytea not null,
  authorised_on date not null,
  added_by uuid not null references staff (id),
  added_at timestamptz not null,
  every_hours integer not null check (every_hours between 1 and 720),
  next_sweep_at timestamptz,
  turn_at timestamptz,
  last_swept_at timestamptz,
  result text check (result in ('looked', 'unchanged', 'unreachable', 'unreadable', 'disallowed')),
  -- Validators of the last answer.
  memory_sealed bytea,
  ended_at timestamptz,
  ended_by uuid references staff (id),
  check ((ended_at is null) = (ended_by is null)),
  check (ended_at is null or next_sweep_at is null)
);
create unique index source_address on source (address_key) where ended_at is null;
create index source_due on source (next_sweep_at) where next_sweep_at is not null;

-- Pages that a source leads to.
create table watched_page (
  source_id uuid not null references source (id) on delete cascade,
  page_key bytea not null,
  address_sealed bytea not null,
  -- A sitemap may name further sitemaps.
  kind text not null check (kind in ('page', 'sitemap')),
  next_look_at timestamptz,
  turn_at timestamptz,
  looked_at timestamptz,
  memory_sealed bytea,
  -- The sweep that saw the source name it last; a page no longer named is forgotten.
  named_at timestamptz not null,
  primary key (source_id, page_key)
);
create index watched_page_due on watched_page (next_look_at) where next_look_at is not null;

-- An item seen by the watch.
create table sighting (
  id uuid primary key,
  source_id uuid references source (id) on delete set null,
  place_id uuid not null references place (id) on delete cascade,
  item_id uuid not null references item (id) on delete cascade,
  seen_at timestamptz not null,
  -- When a notice about the place was drafted, or it was seen that none is needed.
  drafted_at timestamptz,
  unique (place_id, item_id)
);
create index sighting_undrafted on sighting (seen_at) where drafted_at is null;
create index sighting_source on sighting (source_id, item_id);
