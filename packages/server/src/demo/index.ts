import type { Running } from "../start.ts";
import { boardPicture, type DemoBoard } from "./board.ts";
import { fillDemo } from "./fill.ts";
import { inventedCases } from "./invented.ts";

/** What `--demo` says when it has filled in the invented centre; empty when the centre was set up already. */
export async function startDemo({ origin, setupToken }: Running, board: DemoBoard | null): Promise<readonly string[]> {
  if (setupToken === null) return [];
  const cases = inventedCases(board?.url ?? "https://board.example", boardPicture());
  const { setUp, returnCode } = await fillDemo({ origin, setupToken, board }, cases);
  return [
    `데모 로그인 / demo sign-in: ${setUp.intake.pseudonym} · ${setUp.intake.passphrase}`,
    `데모 관리자 / demo admin: ${setUp.admin.pseudonym} · ${setUp.admin.passphrase}`,
    `데모 반환 코드 / demo return code: ${returnCode}`,
  ];
}
