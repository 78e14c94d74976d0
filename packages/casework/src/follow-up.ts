/** What is said after a notice, short: a reminder that its time has passed, or that nothing more is asked. */
export type FollowUpFacts = {
  readonly noticeId: string;
  readonly centre: string;
  /** Subject of the notice itself. */
  readonly subject: string;
};

export type FollowUp = { readonly subject: string; readonly text: string };

/** Reminds once, of the same request; it names no law anew. */
export function writeReminder({ noticeId, centre, subject }: FollowUpFacts, language: "ko" | "en"): FollowUp {
  return {
    subject: `Re: ${subject}`,
    text:
      language === "ko"
        ? [
            `앞서 보낸 삭제 요청(요청 번호 ${noticeId})에 아직 처리 결과를 받지 못했습니다.`,
            "요청한 위치를 확인하시고 처리 결과를 이 메일에 회신해 주시기 바랍니다. 이미 처리하셨다면 그 사실만 알려 주세요.",
            "영상물을 저희에게 보내거나 첨부하지 마십시오. 당사자를 찾거나 연락하지 마십시오.",
            "",
            centre,
          ].join("\n")
        : [
            `We have not yet heard what became of our removal request ${noticeId}.`,
            "Please look at the places it names and answer this mail with what you did. If you have done it already, just say so.",
            "Do not send or attach the images to us. Do not try to find or contact the person depicted.",
            "",
            centre,
          ].join("\n"),
  };
}

/** withdrawn: says that the request is withdrawn · closed: says only that nothing more is expected. */
export type EndWords = "withdrawn" | "closed";

/** What telling a recipient could do to her. */
export type EndFacts = {
  readonly recipientHostile: boolean;
  readonly threatActive: boolean;
  readonly policeHold: boolean;
  /** Somebody may be with her or hold her phone. */
  readonly danger: boolean;
  /** A child, or of unknown age: nobody's word makes such pictures lawful. */
  readonly minor: boolean;
  /** A listed service, or one that this centre has an agreement with; of anybody else it is not known who reads the mail. */
  readonly known: boolean;
  /** It said that it removed them, or a check saw it: "withdrawn" could be read as leave to put them back. */
  readonly removed: boolean;
};

/**
 * How a recipient that was asked is told that she withdrew. nothing: the threat himself is never written to. wait: while she is
 * threatened or the police ask to hold, any word of hers reaching the other side may cost her; it is told afterwards. The words are
 * neutral wherever "withdrawn" could show someone that pressure worked, or be taken for consent.
 */
export function chooseEndWords(facts: EndFacts): EndWords | "wait" | "nothing" {
  if (facts.recipientHostile) return "nothing";
  if (facts.threatActive || facts.policeHold) return "wait";
  return facts.danger || facts.minor || !facts.known || facts.removed ? "closed" : "withdrawn";
}

/** Neither wording says who withdrew or why, gives leave to publish, or asks for anything to be put back. */
export function writeEnd(facts: FollowUpFacts, words: EndWords, language: "ko" | "en"): FollowUp {
  return { subject: `Re: ${facts.subject}`, text: (language === "ko" ? koreanEnd : englishEnd)(facts, words) };
}

function koreanEnd({ noticeId, centre }: FollowUpFacts, words: EndWords): string {
  return [
    words === "withdrawn"
      ? `요청 번호 ${noticeId}의 요청을 철회합니다. 저희에게 더 회신하실 필요가 없습니다.`
      : `요청 번호 ${noticeId}에 대해 저희에게 더 회신하실 필요가 없습니다.`,
    "이 알림은 게시에 대한 동의나 허락이 아니며, 이미 취하신 조치를 되돌려 달라는 뜻도 아닙니다.",
    "요청에 담긴 정보는 법이 보관을 요구하지 않는 한 지워 주시고, 당사자를 찾거나 연락하지 마십시오.",
    "",
    centre,
  ].join("\n");
}

function englishEnd({ noticeId, centre }: FollowUpFacts, words: EndWords): string {
  return [
    words === "withdrawn"
      ? `We withdraw our request ${noticeId}. You need not answer us any further.`
      : `You need not answer us any further about request ${noticeId}.`,
    "This is no consent or permission to publish anything, and no request to undo what you have done.",
    "Please erase what the request told you unless a law requires you to keep it, and do not try to find or contact the person depicted.",
    "",
    centre,
  ].join("\n");
}
