/** A desktop that could not be started or had, in words for the operator. */
export class DesktopError extends Error {
  readonly code: "missing" | "busy" | "command" | "server" | "window_manager" | "program";
  constructor(code: DesktopError["code"], message: string) {
    super(message);
    this.name = "DesktopError";
    this.code = code;
  }
}
