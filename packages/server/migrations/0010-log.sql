-- The append-only log (RFC 6962, C2SP tlog-tiles). An entry waits in the transaction of the act that it seals, and one sequencer
-- puts it in its place in the tree. Leaves and tiles say nothing by themselves: a leaf is a salted commitment. What it commits
-- to, and its salt, lie in log_entry and can be erased without hurting the tree.
create table log_tree (
  -- A new generation begins where a restored database can no longer go on from what a witness has seen.
  generation integer primary key check (generation >= 1),
  origin text not null unique,
  size bigint not null check (size >= 0),
  root bytea not null check (length(root) = 32),
  -- The signed note, with the witnesses' signatures; none before the first.
  checkpoint text,
  begun_at timestamptz not null
);

-- Complete subtrees, 256 hashes to a tile, every eighth level of the tree.
create table log_tile (
  generation integer not null references log_tree (generation),
  level smallint not null check (level between 0 and 7),
  position bigint not null check (position >= 0),
  hashes bytea not null check (length(hashes) % 32 = 0 and length(hashes) between 32 and 8192),
  primary key (generation, level, position)
);

create table log_entry (
  id bigint generated always as identity primary key,
  what text not null check (what in ('release', 'key-grant', 'list-change', 'pack', 'custody', 'begun')),
  case_id uuid,
  -- The leaf: SHA-256 over a fixed text, the salt and the body.
  commitment bytea not null check (length(commitment) = 32),
  salt bytea check (length(salt) = 16),
  -- Ids, roles, pseudonyms and digests: nothing that the tables it speaks of do not hold in plain.
  body text,
  written_at timestamptz not null,
  generation integer references log_tree (generation),
  position bigint,
  unique (generation, position),
  check ((generation is null) = (position is null)),
  -- Both or neither: a body without its salt proves nothing, and a salt alone is of no use.
  check ((salt is null) = (body is null))
);
create index log_entry_waiting on log_entry (id) where position is null;
create index log_entry_case on log_entry (case_id, id);
