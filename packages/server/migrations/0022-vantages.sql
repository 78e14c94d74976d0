-- Ways to look from that are down now, and since when; a look that gets through again takes its row away.
create table vantage_down (
  -- As JIKIM_VANTAGES makes it: "direct", a country, or a country with a number.
  name text primary key,
  since timestamptz not null,
  last_tried_at timestamptz not null,
  check (last_tried_at >= since)
);
