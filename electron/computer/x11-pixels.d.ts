/** What capture and an own desktop's background use of the untyped `x11` package, beside x11/x11.d.ts. */
declare module "x11" {
  interface XClient {
    /** Numbers of atoms by name. */
    atoms: Record<string, number>;
    GetImage(
      format: 2,
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      reply: Reply<{ readonly depth: number; readonly data: Buffer }>,
    ): void;
    ChangeWindowAttributes(window: number, values: { readonly backgroundPixel: number }): void;
    ClearArea(window: number, x: number, y: number, width: number, height: number, exposures: 0 | 1): void;
  }
}
