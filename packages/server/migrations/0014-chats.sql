-- Messages of chats that she sends as evidence. Their words lie in two sealed files; here is only how many they are, and hashes that stand
-- for all of them, each salted with random bits.
create table chat (
  id uuid primary key,
  case_id uuid not null references cases (id) on delete cascade,
  announced_at timestamptz not null,
  -- Merkle root over every message of the export, and how many there are.
  size integer not null check (size >= 1),
  root bytea not null check (length(root) = 32),
  shown integer not null check (shown between 1 and size),
  -- SHA-256 of the part's text.
  digest bytea not null check (length(digest) = 32),
  -- Sealed to her return code alone: the secret that all salts come from. With it and her own file more can be shown later.
  hers bytea not null,
  -- Of sealed_file; their rows come with the files.
  part_id uuid not null unique,
  original_id uuid not null unique,
  check (part_id <> original_id),
  -- The keys of files that are still to come, sealed to this version of the case key.
  key_version integer,
  part_key bytea,
  original_key bytea,
  -- Null until both files have come.
  received_at timestamptz,
  -- She takes it back: then it goes.
  leaves_at timestamptz,
  check ((received_at is null) = (key_version is not null)),
  check ((key_version is null) = (part_key is null)),
  check ((key_version is null) = (original_key is null)),
  check (leaves_at is null or received_at is not null)
);
create index chat_case on chat (case_id);
create index chat_coming on chat (announced_at) where received_at is null;
create index chat_leaving on chat (leaves_at) where leaves_at is not null;
