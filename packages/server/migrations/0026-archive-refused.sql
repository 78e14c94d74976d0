-- Our own archive refused a copy of this mail: it leaves without one, and of a doubt about it only a person can tell.
alter table delivery add column unarchived boolean not null default false;
