-- Who can remove an item. A platform is a recipient, with the same id, that also takes the list. The card holds name, ways and
-- hosts under the data key: a site's own name is a place.
create table recipient (
  id uuid primary key,
  kind text not null check (kind in ('platform', 'host', 'network', 'registrar', 'search', 'regulator')),
  card_sealed bytea not null,
  -- A keyed hash of what tells it from others.
  card_key bytea not null unique,
  -- Keyed hashes of its own hosts and mail address, and of the hosts and the address it is written to: what is written to an
  -- address of a hostile operator reaches him, by whatever name.
  owned_keys bytea[] not null default '{}',
  reached_keys bytea[] not null default '{}',
  jurisdiction text check (jurisdiction in ('kr', 'us', 'eu', 'gb', 'au', 'jp', 'tw', 'ca')),
  language text not null check (language in ('ko', 'en')),
  hostile boolean not null default false,
  found_by text not null check (found_by in ('registry', 'rdap', 'hand')),
  -- How many notices left for it; numbers them without a gap.
  notices_sent bigint not null default 0 check (notices_sent >= 0),
  created_at timestamptz not null
);
create index recipient_owned on recipient using gin (owned_keys);

-- Platforms from before: the server, which has the data key, seals their cards at its next start and empties this table.
create table unsealed_platform as select id, name, hosts, mail, language from platform;
alter table unsealed_platform add primary key (id);
insert into recipient (id, kind, card_sealed, card_key, language, hostile, found_by, notices_sent, created_at)
  select id, 'platform', '', uuid_send(id), language, hostile, 'hand', notices_sent, created_at from platform;

alter table platform
  add foreign key (id) references recipient (id),
  drop column name,
  drop column hosts,
  drop column mail,
  drop column language,
  drop column hostile,
  drop column notices_sent;
-- Written anew, since a dropped column stays in the rows that had it.
alter table platform alter column list_number type bigint using list_number + 0;

alter table notice rename column platform_id to recipient_id;
alter table notice drop constraint notice_platform_id_fkey, add foreign key (recipient_id) references recipient (id);
alter index notice_platform rename to notice_recipient;
alter table notice
  -- The ground of casework's law tables that it names; asserted only where the row was read, in force and rechecked lately.
  add column ground_id text,
  add column asserted boolean not null default false,
  add check (ground_id is not null or not asserted),
  drop constraint notice_answer_check,
  add check (answer in ('received', 'removed', 'refused', 'needs-information', 'not-ours', 'counter-notice'));

alter table delivery
  drop constraint delivery_channel_check,
  drop constraint delivery_state_check,
  drop constraint delivery_check,
  add constraint delivery_channel_check check (channel in ('api', 'mail', 'cloudflare', 'aws', 'form')),
  -- in-doubt: handed over, but not known whether taken; by-hand: a web form that a person fills in.
  add constraint delivery_state_check check (state in ('pending', 'in-doubt', 'by-hand', 'sent', 'failed')),
  add constraint delivery_check check ((state in ('sent', 'failed')) = (done_at is not null)),
  add constraint delivery_by_hand check (state <> 'by-hand' or channel = 'form');

-- What she stated when the mandate was recorded or later, each once: notices declare nothing else in her name.
create table statement (
  id uuid primary key,
  case_id uuid not null references cases (id) on delete cascade,
  -- {what, name}: where she is and a name that she lets notices give are in here.
  what_sealed bytea not null,
  what_key bytea not null,
  made_by text not null check (made_by in ('talk', 'documents')),
  recorded_at timestamptz not null,
  recorded_by uuid not null references staff (id),
  unique (case_id, what_key)
);

-- Recipients that an approval named beyond those asked at once: who else may be asked about a place without another approval, and
-- how many hours after the first notice about it left.
create table later_rung (
  place_id uuid not null references place (id) on delete cascade,
  recipient_id uuid not null references recipient (id),
  after_hours integer not null check (after_hours >= 0),
  why text not null,
  named_at timestamptz not null,
  named_by uuid not null references staff (id),
  primary key (place_id, recipient_id)
);
create index later_rung_recipient on later_rung (recipient_id);
