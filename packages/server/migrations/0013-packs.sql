-- What the centre sealed (captures, chats, packs for somebody outside): the digest of the manifest that the log names, its signature, and the
-- authority's timestamp over that signature, now or later. The manifest itself lies in the pack.
create table seal (
  pack_id uuid primary key,
  case_id uuid not null references cases (id) on delete cascade,
  manifest bytea not null check (length(manifest) = 32),
  signature bytea not null check (length(signature) = 64),
  -- Of a chat, whose manifest lies in no pack of its own.
  text_sealed bytea,
  sealed_at timestamptz not null,
  stamp bytea,
  stamped_at timestamptz,
  stamp_next_at timestamptz,
  stamp_tries integer not null default 0,
  -- A code of the last try that failed, never an address or an answer.
  stamp_trouble text,
  check ((stamp is null) = (stamped_at is null)),
  check (stamp is null or stamp_next_at is null)
);
create index seal_case on seal (case_id);
create index seal_stamp on seal (stamp_next_at) where stamp_next_at is not null;

-- Acts on a pack are entries of the log; this finds them.
alter table log_entry add pack_id uuid;
create index log_entry_pack on log_entry (pack_id, id) where pack_id is not null;

-- A pack for a unit outside: ordered (signed, its ciphertext has not come), sealed, withdrawn, or erased when its time had come.
create table pack (
  id uuid primary key references seal (pack_id) on delete cascade,
  case_id uuid not null references cases (id) on delete cascade,
  state text not null check (state in ('ordered', 'sealed', 'withdrawn', 'erased')),
  order_sealed bytea not null,
  answer_sealed bytea,
  basis text not null check (basis in ('consent', 'agreed', 'law')),
  ground_id text,
  authority_id uuid,
  ordered_at timestamptz not null,
  ordered_by uuid not null references staff (id),
  file_id uuid references sealed_file (id) on delete set null,
  sealed_at timestamptz,
  ended_at timestamptz,
  check ((basis = 'law') = (ground_id is not null)),
  check ((state = 'ordered') = (answer_sealed is not null)),
  check (state <> 'sealed' or sealed_at is not null),
  check ((state in ('withdrawn', 'erased')) = (ended_at is not null)),
  check (state not in ('withdrawn', 'erased') or file_id is null)
);
create index pack_case on pack (case_id, ordered_at);
create index pack_ordered on pack (ordered_at) where state = 'ordered';

-- A link by which a unit fetches a pack. Only the hash of its token lies here.
create table referral (
  id uuid primary key,
  pack_id uuid not null references pack (id) on delete cascade,
  number integer generated always as identity unique,
  state text not null check (state in ('open', 'taken', 'withdrawn')),
  token_hash bytea not null unique check (length(token_hash) = 32),
  made_at timestamptz not null,
  made_by uuid not null references staff (id),
  expires_at timestamptz not null,
  taken_at timestamptz,
  fetches integer not null default 0,
  receipt_sealed bytea,
  receipt_at timestamptz,
  -- by-hand: a unit that took it must be told by a person that it was withdrawn.
  told text not null default 'not-needed' check (told in ('not-needed', 'waiting', 'by-hand', 'told')),
  tell_next_at timestamptz,
  check (state <> 'taken' or taken_at is not null),
  check (state <> 'open' or taken_at is null),
  check ((receipt_sealed is null) = (receipt_at is null)),
  check ((told = 'waiting') = (tell_next_at is not null))
);
create index referral_pack on referral (pack_id, made_at);
create index referral_tell on referral (tell_next_at) where tell_next_at is not null;

create table erasure (
  case_id uuid primary key references cases (id) on delete cascade,
  erased_at timestamptz not null,
  because text not null check (because in ('due', 'asked')),
  rule text not null
);

-- What the centre is, for how long it keeps evidence: {status, source, ownDays}. Null: it has not said, and nothing is erased by itself.
alter table centre add retention jsonb;
