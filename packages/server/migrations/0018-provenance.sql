-- What a file on her device says of where it comes from: a report that she made there and sent, sealed like her words.
alter table document
  drop constraint document_kind_check,
  drop constraint document_survivor_check,
  add constraint document_kind_check
    check (kind in ('story', 'contact', 'message', 'note', 'mandate', 'answer', 'provenance')),
  add constraint document_survivor_check
    check (author <> 'survivor' or kind in ('story', 'contact', 'message', 'provenance')),
  add constraint document_provenance_check check (kind <> 'provenance' or author = 'survivor');
