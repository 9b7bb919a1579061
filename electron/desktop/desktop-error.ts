import { sentence } from "../../shared/sentence.ts";

type Code = "missing" | "busy" | "home" | "confined" | "command" | "server" | "window_manager" | "program";

/** What to do about it; empty where what happened says so itself. */
const ADVICE: Readonly<Record<Code, string>> = {
  missing: "",
  busy: "",
  home: "",
  confined: "",
  command: "Check how the program is spelled under Programs, and that it is installed.",
  server: "Try again; if it happens again, look at Health for what is missing.",
  window_manager: "Try again; if it happens again, look at Health for what is missing.",
  program: "Start it by itself once to see what it needs.",
};

/** A desktop that could not be started or had, in words for the operator: what happened, then what to do. */
export class DesktopError extends Error {
  readonly code: Code;
  constructor(code: Code, happened: string) {
    super(ADVICE[code] === "" ? happened : `${sentence(happened)} ${ADVICE[code]}`);
    this.name = "DesktopError";
    this.code = code;
  }
}
