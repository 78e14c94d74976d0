-- What came by mail. Of an answer the server keeps only what it seems to be, by which rule, and when; its words are a document sealed to
-- the case. Mail that belongs to no notice lies under the data key until a person attaches it or lets it go.
alter table document
  drop constraint document_kind_check,
  drop constraint document_author_check,
  drop constraint document_check1,
  add constraint document_kind_check check (kind in ('story', 'contact', 'message', 'note', 'mandate', 'answer')),
  add constraint document_author_check check (author in ('survivor', 'staff', 'recipient')),
  add constraint document_recipient_check check ((author = 'recipient') = (kind = 'answer')),
  add constraint document_survivor_check check (author <> 'survivor' or kind in ('story', 'contact', 'message'));

create table mail (
  id uuid primary key,
  -- Keyed hash of the mailbox with its UIDVALIDITY, and the mail's number there: where it was read, once.
  mailbox_key bytea not null,
  uid bigint not null,
  -- Keyed hash of its Message-ID and words: the same mail in another place of the mailbox is not recorded again.
  content_key bytea not null unique,
  received_at timestamptz not null,
  class text not null check (class in ('receipt', 'removed', 'refused', 'needs-information', 'not-ours', 'counter-notice',
    'auto-reply', 'bounce', 'unknown')),
  -- Which rule gave the class.
  rule text not null,
  -- Whether somebody should read it soon; a machine's receipt can wait.
  pressing boolean not null,
  notice_id uuid references notice (id) on delete cascade,
  found_by text check (found_by in ('address', 'reference', 'text', 'hand')),
  document_id uuid references document (id) on delete cascade,
  unsorted_sealed bytea,
  -- unsorted: of no notice yet · waiting: its class is a guess · settled: somebody said what it is, or nobody needs to.
  state text not null check (state in ('unsorted', 'waiting', 'settled')),
  settled_as text,
  settled_at timestamptz,
  settled_by uuid references staff (id),
  unique (mailbox_key, uid),
  check ((notice_id is null) = (found_by is null)),
  check ((notice_id is null) = (document_id is null)),
  check ((unsorted_sealed is not null) = (state = 'unsorted')),
  check (state <> 'unsorted' or notice_id is null),
  check (state <> 'waiting' or notice_id is not null),
  check ((state = 'settled') = (settled_as is not null and settled_at is not null))
);
create index mail_notice on mail (notice_id);
create index mail_waiting on mail (received_at, id) where state = 'waiting';
create index mail_unsorted on mail (received_at, id) where state = 'unsorted';

-- Keyed hashes of the Message-IDs whose blind copies came: our mail server took those mails.
create table mail_copy (
  message_key bytea primary key,
  seen_at timestamptz not null
);
