import type { MailClass } from "./mail-class.ts";

/**
 * A phrase that tells what a mail says. A sentence that matches `unless` too does not count: it speaks of what may be, not of what
 * was done. Written by us from what abuse desks and support desks write; no source. Each pattern looks at a bounded stretch.
 */
export type MailRule = {
  readonly id: string;
  readonly class: Exclude<MailClass, "bounce" | "unknown">;
  readonly pattern: RegExp;
  readonly unless?: RegExp;
};

const ENGLISH: readonly MailRule[] = [
  {
    id: "en-removed",
    class: "removed",
    pattern:
      /\b(has|have) (now |already |since )?been (permanently |successfully )?(removed|deleted|taken down|disabled|suspended|blocked|terminated)\b|\b(we|i)( have|'ve)?( now| already| successfully| since)? (removed|deleted|taken down|took down|disabled|suspended|terminated|blocked)\b|\b(was|were|is|are) (now |already )?(removed|deleted|taken down)\b|\bno longer (available|accessible|online)\b/,
    unless: /\b(if|once|until|will|would|unless|not|whether|may|might|before|cannot|can't|unable)\b/,
  },
  {
    id: "en-refused-cannot",
    class: "refused",
    pattern:
      /\b(can ?not|can't|unable to|will not|won't|not able to|decline[ds]? to|not going to|refuse[ds]? to)\b.{0,60}\b(remov|tak(e|ing)\b.{0,30}\bdown|delet|disabl|comply|act on)/,
    unless: /\b(without|until|unless)\b/,
  },
  {
    id: "en-refused-no-violation",
    class: "refused",
    pattern:
      /\b(does not|doesn't|did not|didn't|do not|don't) (appear to |seem to )?(violate|breach|infringe|go against)\b|\bno (violation|breach|infringement)\b|\bnot (in violation|violating)\b/,
  },
  {
    id: "en-refused-rejected",
    class: "refused",
    pattern:
      /\byour (request|report|complaint|notice) (has been|was|is) (rejected|denied|declined)\b|\b(has|have) not been removed\b|\bnot be removed\b/,
    unless: /\b(if|until|unless)\b/,
  },
  {
    id: "en-needs",
    class: "needs-information",
    pattern:
      /\b(please|kindly) (also )?(provide|send|include|supply|specify|reply with|fill|complete)\b|\b(need|needs|require|requires) (some |any )?(more|additional|further) (information|details|evidence|documentation)\b|\bcould you (please )?(provide|send|confirm|specify|share)\b|\b(is|are) (missing|incomplete)\b/,
    unless: /\b(if you|should you|in the future|for future)\b/,
  },
  {
    id: "en-not-ours",
    class: "not-ours",
    pattern:
      /\b(do|does) not (own, )?(host|operate|control|own|manage)\b|\b(is|are) (not|no longer) (hosted|operated|managed|registered)\b|\bnot (on|in|within) our (network|servers?|platform|service|infrastructure)\b|\bnot (our|a) customer\b|\bwe are (not|only|merely|just) (the |a |an )?(\w+ )?(host|hosting provider|operator|registrar|cdn|pass-through|reseller)\b|\bcontact the (hosting|website|site|content) (provider|owner|operator)\b/,
  },
  {
    id: "en-counter",
    class: "counter-notice",
    pattern:
      /\bcounter[- ]?(notice|notification|statement)\b|\b(uploader|poster|user|customer|account holder|site owner)( has| have)? (disput|contest|object|appeal)/,
    unless: /\b(you may|you can|may (file|submit|send)|right to|if)\b/,
  },
  {
    id: "en-receipt",
    class: "receipt",
    pattern:
      /\b(we|i)( have|'ve)? (received|got) (your|the)\b|\b(thank you|thanks) for (your (report|request|notice|message|e-?mail|inquiry|submission)|contacting|reaching|submitting|reporting|letting|bringing)\b|\byour (report|request|ticket|complaint|case|message|e-?mail|inquiry|submission|notice)( #?[\w-]{1,20})? (has been|was|is) (received|created|opened|registered|logged|submitted|assigned|being reviewed|under review)\b|\b(ticket|case|reference) (number|id)\b/,
  },
  {
    id: "en-away",
    class: "auto-reply",
    pattern:
      /\bout of (the )?office\b|\bon (annual |parental |sick |maternity )?(leave|vacation|holiday)\b|\b(automatic|automated|auto)[- ]?(reply|response)\b|\bautoresponder\b/,
  },
];

const KOREAN: readonly MailRule[] = [
  {
    id: "ko-removed",
    class: "removed",
    pattern:
      /(삭제|차단|게시 ?중단|비공개|임시 ?조치|접근 ?제한|접속 ?차단) ?(처리|조치)?(를|을|가|이)? ?(모두 |즉시 )?(완료|하였|했|되었|됐|됨|마쳤|드렸|해 ?드렸)/,
    unless: /(되면|하면|경우|예정|않|못|여부|전까지|없)/,
  },
  {
    id: "ko-refused-cannot",
    class: "refused",
    pattern:
      /(삭제|차단|처리|조치|게시 ?중단|비공개)[^.]{0,20}(할 수 없|될 수 없|하지 못|불가|어렵|어려운|않기로|거절|거부|하지 않)/,
    unless: /(보완|추가|없이는|않으면|없으면|제출)/,
  },
  {
    id: "ko-refused-no-violation",
    class: "refused",
    pattern:
      /(위반|침해|불법)[^.]{0,20}(확인되지 않|해당하지 않|해당되지 않|아닌 것|아니라고|없는 것|보기 어렵|판단되지 않)|(요청|신고)[^.]{0,12}(반려|기각|거절|거부)/,
  },
  {
    id: "ko-needs",
    class: "needs-information",
    pattern:
      /(추가|보완|증빙|구체적)[^.]{0,15}(자료|정보|서류|내용|확인)[^.]{0,20}(필요|제출|요청드|보내|부탁|주시|회신|바랍)|(신분증|위임장|url|링크|주소|화면|캡처)[^.]{0,25}(보내|제출|첨부|알려|기재|회신)[^.]{0,12}(주시|주세|바랍|필요)|보완(이 필요|을 요청|해 ?주시|요청)/,
  },
  {
    id: "ko-not-ours",
    class: "not-ours",
    pattern:
      /(당사|저희|본사|우리)[^.]{0,25}(호스팅|운영|관리|제공|소관|등록|서비스|서버)[^.]{0,15}(하지 않|않는|않고|않습|아닙니다|아니|아닌)|소관[^.]{0,6}(아니|아닙|아닌)|(다른|타) ?(업체|사업자|기관|호스팅사?)[^.]{0,20}(문의|요청|신고)/,
  },
  {
    id: "ko-counter",
    class: "counter-notice",
    pattern: /이의 ?(신청|제기)|반론 ?(제출|제기|보도)|복원 ?요청|재게시 ?요청|게시자[^.]{0,15}(이의|소명|반대)/,
    unless: /((하실|할) 수 있|가능합|원하시|경우|권리)/,
  },
  {
    id: "ko-receipt",
    class: "receipt",
    pattern:
      /(접수|수신)(가|이|를|을)? ?(되었|하였|했|완료|됐|되셨)|접수 ?번호|(문의|신고|요청|제보|메일)[^.]{0,15}(감사|검토 중|확인 중)|(확인|검토) ?(하여|후|해서)[^.]{0,20}(답변|회신|안내|조치|처리)|담당(자|부서|팀)[^.]{0,15}(전달|확인|이관)/,
  },
  { id: "ko-away", class: "auto-reply", pattern: /부재 ?중|자동 ?(응답|회신)|휴가 ?중|육아 ?휴직/ },
];

/** Every phrase rule, for showing beside the class that it gave. */
export const MAIL_RULES: readonly MailRule[] = [...ENGLISH, ...KOREAN];
