-- Results are worked out from the ledger page by page, in the order of sending.
create index notice_sent on notice (sent_at, id) where sent_at is not null;
