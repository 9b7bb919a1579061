/** What capture, the screen saver's watch and an own desktop's background use of the untyped `x11` package, beside x11/x11.d.ts. */
declare module "x11" {
  export interface Render {
    findVisualFormat(visual: number): number | undefined;
    CreatePicture(picture: number, drawable: number, format: number, values: object): void;
    FreePicture(picture: number): void;
    SetPictureTransform(picture: number, matrix: readonly number[]): void;
    SetPictureFilter(picture: number, name: "bilinear"): void;
    Composite(
      op: number,
      source: number,
      mask: number,
      target: number,
      sourceX: number,
      sourceY: number,
      maskX: number,
      maskY: number,
      targetX: number,
      targetY: number,
      width: number,
      height: number,
    ): void;
  }
  /** MIT-SHM. */
  export interface Shm {
    usable(reply: Reply<boolean>): void;
    createSegment(size: number, reply: Reply<SharedSegment>): void;
  }
  export interface SharedSegment {
    readonly size: number;
    /** What the server wrote, once `getImage` has answered. */
    readonly buffer: Buffer;
    getImage(
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      format: 2,
      offset: number,
      reply: Reply<{ readonly depth: number; readonly size: number }>,
    ): void;
    /** Writes what is in `buffer` to the memory; throws when the system has no room for it. */
    commit(offset: number, length: number): void;
    detach(): void;
  }
  export interface ScreenSaver {
    SelectInput(window: number, mask: number): void;
    QueryInfo(window: number, reply: Reply<{ readonly state: number }>): void;
  }
  export interface Dpms {
    /** The power level, and whether power saving is on. */
    Info(reply: Reply<readonly [number, number]>): void;
  }
  interface XClient {
    require(
      name: "screen-saver" | "dpms",
      reply: (error: Error | null | undefined, extension: ScreenSaver | Dpms) => void,
    ): void;
    require(name: "shm", reply: (error: Error | null | undefined, extension: Shm) => void): void;
    require(name: "render", reply: (error: Error | null | undefined, extension: Render) => void): void;
    ReleaseID(id: number): void;
    QueryExtension(name: string, reply: Reply<{ readonly present: number }>): void;
    CreatePixmap(pixmap: number, drawable: number, depth: number, width: number, height: number): void;
    FreePixmap(pixmap: number): void;
    CreateGC(context: number, drawable: number, values: Readonly<Record<string, number>>): void;
    FreeGC(context: number): void;
    ChangeGC(context: number, values: Readonly<Record<string, number>>): void;
    OpenFont(font: number, name: string): void;
    MapWindow(window: number): void;
    MoveWindow(window: number, x: number, y: number): void;
    PolyFillRectangle(drawable: number, context: number, rectangles: readonly number[]): void;
    PolyText8(drawable: number, context: number, x: number, y: number, items: readonly string[]): void;
    PutImage(
      format: 2,
      drawable: number,
      context: number,
      width: number,
      height: number,
      x: number,
      y: number,
      leftPad: number,
      depth: number,
      data: Buffer,
    ): void;
    CopyArea(
      source: number,
      target: number,
      context: number,
      sourceX: number,
      sourceY: number,
      targetX: number,
      targetY: number,
      width: number,
      height: number,
    ): void;
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
