import type { Running } from "../start.ts";
import { fillDemo } from "./fill.ts";
import { drawing, inventedCases } from "./invented.ts";

/** What `--demo` says when it has filled in the invented centre; empty when the centre was set up already. */
export async function startDemo({ origin, setupToken }: Running, board: string | null): Promise<readonly string[]> {
  if (setupToken === null) return [];
  const { setUp, returnCode } = await fillDemo(
    origin,
    setupToken,
    inventedCases(board ?? "https://board.example", drawing(0)),
  );
  return [
    `데모 로그인 / demo sign-in: ${setUp.intake.pseudonym} · ${setUp.intake.passphrase}`,
    `데모 관리자 / demo admin: ${setUp.admin.pseudonym} · ${setUp.admin.passphrase}`,
    `데모 반환 코드 / demo return code: ${returnCode}`,
  ];
}
