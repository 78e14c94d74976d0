/**
 * What a page may ask of whoever comes, before it shows anything: a password, an age, to sign in, or to prove to be no machine. Such a
 * page answers 200 at the very address of what lies behind it.
 */
export const ASKS = ["password", "age", "sign-in", "machine"] as const;
export type Ask = (typeof ASKS)[number];

/** Only the beginning of a page's words is read: a page that asks says little else. */
const MOST_WORDS = 200_000;

/**
 * Words of the languages in which pages are met most; ours, and never complete. A word too many only makes a look tell less. They are
 * compared with what a page asked when the item was seen there, so that a link "sign in" on every page does no harm.
 */
const WORDS: Readonly<Record<Exclude<Ask, "password">, RegExp>> = {
  age: /19세|18세|성인 ?(인증|전용|콘텐츠)|청소년 ?(유해|이용 ?불가)|연령 ?확인|over (18|21)|(18|21) (or|and) (older|over)|18\+|age[- ]verif|verify (that )?(you|your age)|your age|adults only|(18|21) years|18歳|年齢確認|[满滿] ?(18|十八)|18 ?(岁|歲)|成年|mayor(es)? de edad|18 años|18 ans|majeur|volljährig|18 лет|18 tuổi/i,
  "sign-in":
    /로그인|회원 ?(가입|전용|만)|log[- ]?in|sign[- ]?(in|up)|members only|ログイン|会員|登[录錄入]|注册|註冊|iniciar sesión|se connecter|connexion|anmelden|einloggen|войти|вход|đăng nhập/i,
  machine:
    /로봇이 아|자동 ?(등록|입력) ?방지|보안 ?문자|captcha|(not|are you) a (robot|bot|human)|are you human|verify you are|checking your browser|just a moment|unusual traffic|enable (javascript|cookies)|ロボットではありません|验证码|驗證碼|人机验证/i,
};

/** What a page asks. @param words  all that it says, also on its buttons. */
export function asksIn(words: string, { password }: { readonly password: boolean }): Ask[] {
  const read = words.slice(0, MOST_WORDS);
  return ASKS.filter((ask) => (ask === "password" ? password : WORDS[ask].test(read)));
}
