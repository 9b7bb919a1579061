/** What the live picture uses of the untyped `x11` package, beside x11/x11.d.ts. */
declare module "x11" {
  export interface Damage {
    readonly ReportLevel: { readonly NonEmpty: number };
    Create(damage: number, drawable: number, level: number): void;
    Subtract(damage: number, repair: number, parts: number): void;
  }
  export interface Fixes {
    CreateRegion(region: number, rectangles: readonly never[]): void;
    FetchRegion(
      region: number,
      reply: Reply<{
        readonly rectangles: readonly {
          readonly x: number;
          readonly y: number;
          readonly width: number;
          readonly height: number;
        }[];
      }>,
    ): void;
  }
  interface XClient {
    require(name: "damage", reply: (error: Error | null | undefined, extension: Damage) => void): void;
    require(name: "fixes", reply: (error: Error | null | undefined, extension: Fixes) => void): void;
  }
}
