import "../shared/base.css";
import "./desk.css";
import "./forms.css";
import "./case.css";
import "./evidence/evidence.css";
import "./queue.css";
import "./set-up.css";
import "./print.css";
import { mount } from "svelte";
import Desk from "./Desk.svelte";

// The rules of casework speak in Temporal's instants.
if (!("Temporal" in globalThis)) await import("temporal-polyfill/global");

const target = document.getElementById("app");
if (target) mount(Desk, { target });
