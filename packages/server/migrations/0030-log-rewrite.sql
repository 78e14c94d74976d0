-- What an earlier version wrote in plain stays on the disk, sealed or not, until the table is written anew; owed until that was done to its end.
create table log_rewrite (
  id integer primary key check (id = 1),
  owed boolean not null
);
insert into log_rewrite values (1, exists (select from log_entry));
