/** An own desktop that could not be started, in words for the operator. */
export class DesktopError extends Error {
  readonly code: "missing" | "command" | "server" | "window_manager" | "program";
  constructor(code: DesktopError["code"], message: string) {
    super(message);
    this.name = "DesktopError";
    this.code = code;
  }
}
