/** What a notice's letter is written from. Never a name of the survivor, never a picture: the centre speaks in its own name. */
export type LetterFacts = {
  readonly noticeId: string;
  readonly centre: string;
  readonly contact: string;
  readonly recipient: string;
  readonly places: readonly string[];
  readonly minor: boolean;
};

export type Letter = { readonly subject: string; readonly text: string };

/**
 * A plain request: it asserts no law, since no row has been read and rechecked for it. The centre declares that it acts on a
 * signed mandate of the person depicted or who speaks for her.
 */
export function writeLetter(facts: LetterFacts, language: "ko" | "en"): Letter {
  return language === "ko" ? koreanLetter(facts) : englishLetter(facts);
}

function koreanLetter(facts: LetterFacts): Letter {
  const who = facts.minor ? "당사자(아동·청소년이거나 나이가 확인되지 않음)" : "당사자";
  return {
    subject: `[삭제 요청] ${facts.centre} · ${facts.noticeId}`,
    text: [
      `${facts.recipient} 담당자께`,
      "",
      `${facts.centre}은(는) ${who}의 위임을 받아, 아래 위치에 동의 없이 올라온 사적인 영상물의 삭제를 요청합니다.`,
      "",
      ...facts.places.map((place, at) => `${at + 1}. ${place}`),
      "",
      "같은 영상물이 다시 올라오지 않도록 저희가 제공하는 지문 목록을 적용해 주시기 바랍니다.",
      "영상물을 저희에게 보내거나 첨부하지 마십시오. 당사자를 찾거나 연락하지 마십시오.",
      "",
      `선언: ${facts.centre}은(는) 당사자가 서명한 위임에 따라 행동하며, 위 내용을 사실로 믿습니다.`,
      `회신: ${facts.contact} (요청 번호 ${facts.noticeId})`,
    ].join("\n"),
  };
}

function englishLetter(facts: LetterFacts): Letter {
  const who = facts.minor ? "the person depicted (a child, or of unknown age)" : "the person depicted";
  return {
    subject: `[Removal request] ${facts.centre} · ${facts.noticeId}`,
    text: [
      `To the team at ${facts.recipient}`,
      "",
      `On behalf of ${who}, ${facts.centre} asks you to remove private images that were published without consent at:`,
      "",
      ...facts.places.map((place, at) => `${at + 1}. ${place}`),
      "",
      "Please apply the fingerprint list we provide, so that the same images do not come back.",
      "Do not send or attach the images to us. Do not try to find or contact the person depicted.",
      "",
      `Declaration: ${facts.centre} acts on a mandate signed by the person depicted or by who speaks for her, and believes the above to be true.`,
      `Answer to: ${facts.contact} (request ${facts.noticeId})`,
    ].join("\n"),
  };
}
