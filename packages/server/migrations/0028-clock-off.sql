-- Milliseconds by which our clock was before the authority's, when it stamped this seal.
alter table seal add clock_off_ms integer;
