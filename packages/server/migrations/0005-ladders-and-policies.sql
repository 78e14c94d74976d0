-- The outbox. handed-over: written down before anything goes out; lost with its process after next_try_at. in-doubt: nobody recorded
-- what became of the last try; evidence is looked for at next_try_at, or (null) a person decides. See casework's delivery.ts.
drop index delivery_pending;
alter table delivery
  -- notice: the demand itself · reminder: its time ran out · withdrawal: she asked that no more be done.
  add column purpose text not null default 'notice' check (purpose in ('notice', 'reminder', 'withdrawal')),
  add column doubted_since timestamptz,
  -- How often evidence was looked for.
  add column asked integer not null default 0 check (asked >= 0),
  -- What the recipient's own service calls it.
  add column reference_sealed bytea,
  drop constraint delivery_pkey,
  add primary key (notice_id, purpose, channel),
  drop constraint delivery_state_check,
  add constraint delivery_state_check check (state in ('pending', 'handed-over', 'in-doubt', 'by-hand', 'sent', 'failed')),
  add check (state not in ('pending', 'handed-over') or next_try_at is not null),
  add check (state not in ('by-hand', 'sent', 'failed') or next_try_at is null),
  add check (state <> 'in-doubt' or doubted_since is not null);
create index delivery_due on delivery (next_try_at) where next_try_at is not null;
create index delivery_by_person on delivery (state, notice_id) where state in ('in-doubt', 'by-hand');

-- A supervisor's standing word that one recipient may be asked on one ground (null: by a plain request) until an end, where a
-- ladder comes to it. Signed in her browser; holds only while the root vouches for her.
create table policy (
  id uuid primary key,
  recipient_id uuid not null references recipient (id),
  ground_id text,
  signed jsonb not null,
  made_by uuid not null references staff (id),
  made_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > made_at),
  revoked_at timestamptz,
  revoked_by uuid references staff (id),
  check ((revoked_at is null) = (revoked_by is null))
);
create index policy_recipient on policy (recipient_id, ends_at) where revoked_at is null;

alter table notice
  -- Why the ladder drafted it; null: a person did.
  add column step_why text,
  -- The standing policy that stands in for a person's approval of this very notice.
  add column policy_id uuid references policy (id),
  add column received_at timestamptz,
  -- When a reminder goes out unless it was answered; null: none will.
  add column remind_at timestamptz,
  -- Her withdrawal as it was told in the platform's feed: numbered among its notices, signed.
  add column end_number bigint check (end_number >= 1),
  add column end_sealed bytea,
  add column ended_at timestamptz,
  add check ((end_number is null) = (end_sealed is null)),
  add check (end_number is null or ended_at is not null);
create unique index notice_end on notice (recipient_id, end_number) where end_number is not null;
create index notice_remind on notice (remind_at) where remind_at is not null;
create index notice_due on notice (due_at, id) where state in ('sent', 'answered') and ended_at is null;
create index notice_step on notice (case_id) where state = 'draft' and step_why is not null;

-- How far a place has come on its ladder, from the first notice about it that left.
create table climb (
  place_id uuid primary key references place (id) on delete cascade,
  case_id uuid not null references cases (id) on delete cascade,
  started_at timestamptz not null,
  -- When the next rung is looked at; null: nothing is left to climb.
  next_at timestamptz,
  because text
);
create index climb_due on climb (next_at) where next_at is not null;
create index climb_case on climb (case_id);

-- When the words that she chose are tried next; null: none wait to be sent.
alter table cases add column telling_next_at timestamptz;
create index cases_telling on cases (telling_next_at) where telling_next_at is not null;
create index cases_overdue on cases (next_due_at) where next_act = 'wait';
update cases set telling_next_at = safe_contact_waiting_since
  where notify_sealed is not null and safe_contact_waiting_since is not null
    and exists (select from consent c where c.case_id = cases.id and c.state = 'withdrawing')
    and exists (select from mandate m where m.case_id = cases.id);
