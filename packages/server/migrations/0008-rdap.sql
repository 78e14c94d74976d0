-- Who hosts a place and who registered its name, as the registries say. A host's name is a place: keys are HMACs under the data
-- key, names and answers are sealed, times are plain. Nothing here points at a case.
create table host_lookup (
  id uuid primary key,
  host_key bytea not null unique,
  host_sealed bytea not null,
  asked_at timestamptz not null,
  -- What is known so far; it is served, however old, while a newer answer is being asked for.
  answer_sealed bytea,
  stale_at timestamptz,
  -- When the registries are asked next; null when nothing is left to ask.
  next_try_at timestamptz,
  attempts integer not null default 0 check (attempts >= 0),
  check ((answer_sealed is null) = (stale_at is null)),
  check (answer_sealed is not null or next_try_at is not null)
);
create index host_lookup_due on host_lookup (next_try_at) where next_try_at is not null;

-- One registry's answer about a domain or a network, shared by all hosts in it.
create table rdap_answer (
  subject_key bytea primary key,
  answer_sealed bytea not null,
  expires_at timestamptz not null
);

-- Files that say which registry answers for what (RFC 9224). Public.
create table rdap_file (
  name text primary key check (name in ('dns', 'ipv4', 'ipv6')),
  content text not null,
  etag text,
  checked_at timestamptz not null
);

-- How often a registry was asked in this minute, and until when it wants to be left alone.
create table rdap_server (
  server_key bytea primary key,
  minute_ends_at timestamptz not null,
  asked integer not null check (asked >= 1),
  paused_until timestamptz
);
