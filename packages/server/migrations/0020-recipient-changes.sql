-- The address that an approval named, as a keyed hash: what waits never goes elsewhere. Null: a way without an address, or approved before.
alter table delivery add column address_key bytea;
-- Who changed what is known of a recipient: from and to are sealed, since they hold addresses. Nothing here is changed or taken back.
create table recipient_change (
  id uuid primary key,
  number bigint generated always as identity,
  recipient_id uuid not null references recipient (id),
  field text not null check (field in ('mail', 'form', 'jurisdiction', 'language', 'hosts', 'hostile')),
  change_sealed bytea not null,
  changed_by uuid not null references staff (id),
  changed_at timestamptz not null
);
create index recipient_change_recipient on recipient_change (recipient_id, number);
