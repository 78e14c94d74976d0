import "../shared/base.css";
import "./take.css";
import { mount } from "svelte";
import { switchLanguage } from "../shared/language.svelte.ts";
import Take from "./Take.svelte";

if (!navigator.language.startsWith("ko")) switchLanguage("en");
const target = document.getElementById("app");
if (target) mount(Take, { target });
