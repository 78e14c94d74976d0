/** Why the sdk refused something. None of the texts names a person, a place or a fingerprint: safe to log and to show. */
export const REFUSALS = {
  BAD_OPTIONS: "url must be https (plain http only on this machine), root 64 lowercase hex digits, key not empty",
  UNREACHABLE: "the centre could not be reached; it is asked again",
  KEY_REFUSED: "the centre does not accept this key: mistyped, expired or revoked; ask the centre for a new one",
  BAD_ANSWER: "the centre's answer is not what the protocol says",
  CERTIFICATE_REFUSED: "the service key is not certified by the pinned root, or its certificate has run out",
  SIGNATURE_REFUSED: "a signature does not hold",
  LIST_REWOUND: "the list stands at an earlier number than was seen before",
  LIST_REPLAYED: "a change came again or out of order",
  LIST_GAP: "a change is missing",
  LIST_FORKED: "the list's history is not the one that was seen before",
  LIST_TRUNCATED: "the list ends before the number its head names",
  LIST_ALTERED: "the entries are not those that the signed head sums up",
  STORE_DAMAGED: "what was stored is damaged; the list is read anew from the centre",
  STORE_FAILED: "what was learned could not be stored; it is in force until restart and stored with the next change",
  NOTICE_REFUSED: "the notice is not in the form the protocol says",
  ANSWER_REFUSED: "the centre did not take an answer, and it was given up",
  HANDLER_FAILED: "the platform's own handler threw; see cause",
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** The sdk said no: expected, safe to show. Anything else that is thrown is a bug. */
export class JikimRefusal extends Error {
  override readonly name = "JikimRefusal";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, options?: { cause: unknown }) {
    super(REFUSALS[code], options);
    this.code = code;
  }
}

/** A failure of the platform's own code or of its store, told as a refusal with its cause. */
export function asRefusal(failure: unknown, code: RefusalCode): JikimRefusal {
  return failure instanceof JikimRefusal ? failure : new JikimRefusal(code, { cause: failure });
}
