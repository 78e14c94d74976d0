-- Files that the server cannot open: packs, chats. Each is an age file under a key of its own; that key lies beside it, sealed to the
-- case, so that a new case key re-seals a few bytes and not the file. No key: the file is for somebody outside.
create table sealed_file (
  id uuid primary key,
  case_id uuid not null references cases (id) on delete cascade,
  key_sealed bytea,
  -- Both null until the last part is there.
  bytes bigint check (bytes > 0),
  sha256 bytea check (length(sha256) = 32),
  begun_at timestamptz not null,
  check ((bytes is null) = (sha256 is null))
);
create index sealed_file_case on sealed_file (case_id);
create index sealed_file_half on sealed_file (begun_at) where bytes is null;

create table sealed_file_part (
  file_id uuid not null references sealed_file (id) on delete cascade,
  position integer not null check (position >= 0),
  content bytea not null check (length(content) between 1 and 1048576),
  primary key (file_id, position)
);
-- What age wrote does not get smaller.
alter table sealed_file_part alter column content set storage external;
