import "./older-browsers.ts";
import "../shared/base.css";
import "./portal.css";
import { mount } from "svelte";
import { takeBackButton } from "./back-button.ts";
import { leavesAgain } from "./leave.ts";
import Portal from "./Portal.svelte";
import { goBack, goOn, isStep, visit } from "./visit.svelte.ts";

if (!leavesAgain()) {
  const target = document.getElementById("app");
  if (target) mount(Portal, { target });
  takeBackButton({ back: goBack, forward: () => isStep(visit.page) && visit.page !== "review" && goOn() });
}
