import { type Challenge, solve } from "@jikim/evidence";

addEventListener("message", (event: MessageEvent<Challenge>) => postMessage(solve(event.data)));
