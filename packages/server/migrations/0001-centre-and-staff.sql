-- The centre itself: one row. Only public halves of keys; texts are public.
create table centre (
  id integer primary key check (id = 1),
  root text check (root ~ '^[0-9a-f]{64}$'),
  service_certificate jsonb,
  recovery_certificate jsonb,
  recovery_recipient text,
  settings jsonb not null,
  -- Tells whether the data key at hand is the one this database was written with.
  data_key_check bytea not null,
  gate text not null default 'open' check (gate in ('open', 'closed')),
  most_reports_an_hour integer not null default 120 check (most_reports_an_hour > 0),
  setup_token_hash bytea,
  opened_at timestamptz,
  check (opened_at is null or (root is not null and service_certificate is not null and recovery_certificate is not null))
);

create table staff (
  id uuid primary key,
  -- What survivors and colleagues see; no names are kept.
  pseudonym text unique,
  roles text[] not null,
  state text not null check (state in ('invited', 'waiting', 'active', 'left')),
  recipient text,
  verify_key text,
  certificate jsonb,
  approved_by uuid[] not null default '{}',
  invite_token_hash bytea unique,
  invite_expires_at timestamptz,
  created_at timestamptz not null,
  check (state <> 'invited' or (invite_token_hash is not null and invite_expires_at is not null)),
  check (state not in ('waiting', 'active') or pseudonym is not null),
  -- Whoever may hold case keys is active only with a certificate of the root.
  check (state <> 'active' or not (roles && array['intake', 'caseworker', 'supervisor']) or certificate is not null)
);

create table credential (
  id uuid primary key,
  staff_id uuid not null references staff (id) on delete cascade,
  kind text not null check (kind in ('passkey', 'passphrase')),
  passkey_id text unique,
  passkey_public_key bytea,
  passkey_counter bigint,
  passphrase_hash text,
  wrapped bytea,
  created_at timestamptz not null,
  check (kind <> 'passkey' or (passkey_id is not null and passkey_public_key is not null and passkey_counter is not null)),
  check (kind <> 'passphrase' or passphrase_hash is not null)
);
create unique index credential_one_passphrase on credential (staff_id) where kind = 'passphrase';

create table session (
  token_hash bytea primary key,
  staff_id uuid not null references staff (id) on delete cascade,
  credential_id uuid not null references credential (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

-- WebAuthn challenges under way; worthless after a crash.
create unlogged table ceremony (
  id uuid primary key,
  purpose text not null check (purpose in ('enrol', 'sign-in')),
  staff_id uuid references staff (id) on delete cascade,
  challenge text not null,
  expires_at timestamptz not null
);

-- Proofs of work already spent.
create unlogged table spent_effort (
  seed_hash bytea primary key,
  expires_at timestamptz not null
);
