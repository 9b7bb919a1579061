/** What sharing a desktop with the operator uses of the untyped `x11` package, beside x11/x11.d.ts. */
declare module "x11" {
  export interface Randr {
    GetScreenResourcesCurrent(window: number, reply: Reply<{ readonly outputs: readonly number[] }>): void;
    GetOutputPrimary(window: number, reply: Reply<number>): void;
    GetOutputInfo(
      output: number,
      timestamp: number,
      reply: Reply<{ readonly crtc: number; readonly name: string }>,
    ): void;
    GetCrtcInfo(
      crtc: number,
      timestamp: number,
      reply: Reply<{
        readonly x: number;
        readonly y: number;
        readonly width: number;
        readonly height: number;
        readonly mode: number;
      }>,
    ): void;
  }
  interface XClient {
    require(name: "randr", reply: (error: Error | null | undefined, extension: Randr) => void): void;
    GrabServer(): void;
    UngrabServer(): void;
    GetWindowAttributes(
      window: number,
      reply: Reply<{ readonly mapState: number; readonly overrideRedirect: number }>,
    ): void;
    MapWindow(window: number): void;
    DestroyWindow(window: number): void;
    SetInputFocus(window: number, revertTo: 0 | 1 | 2): void;
    GetSelectionOwner(selection: number, reply: Reply<number>): void;
  }
}
