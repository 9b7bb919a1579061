/** Programs that lie, say too much or say nothing, on a bus without a daemon. */
import { Variant } from "@jellybrick/dbus-next";
import { expect, test } from "vitest";
import { openAtSpi, type TopWindow } from "./at-spi.ts";
import type { Bus, Call } from "./bus.ts";

type Ref = readonly [string, string];
type Box = readonly [number, number, number, number];
type Thing = {
  readonly box: Box;
  readonly name?: string;
  readonly role?: number;
  readonly parent?: string;
  /** The path of what is at every point of it; itself when absent. */
  readonly within?: string;
  /** What a search in it finds. */
  readonly finds?: readonly string[];
};

const FRAME: Thing = { box: [10, 10, 400, 300], name: "Notes", role: 23 };
const BUTTON: Thing = { box: [50, 50, 80, 30], name: "Save", role: 43, parent: "/window" };
const LABEL: Thing = { box: [60, 55, 40, 20], name: "Save", role: 29, parent: "/button" };
const WINDOW: TopWindow = { pid: 7, title: "Notes", bounds: { x: 12, y: 30, w: 396, h: 278 } };
const NOBODY: Ref = ["", "/org/a11y/atspi/null"];

/** A program `:1.7` of process 7 with these things; `silent` never answers. */
function program(things: Readonly<Record<string, Thing>>, silent = false): { readonly bus: Bus; calls: number } {
  const ref = (path: string): Ref => [":1.7", path];
  const answer = ({ to, path, member, body = [] }: Call): unknown => {
    if (to === "org.freedesktop.DBus") return 7;
    if (to === "org.a11y.atspi.Registry") return [[":1.7", "/root"]];
    if (path === "/root")
      return Object.keys(things)
        .filter((each) => things[each]?.parent === undefined)
        .map(ref);
    const thing = things[path];
    if (thing === undefined) throw new Error(`nothing at ${path}`);
    if (member === "GetExtents") return thing.box;
    if (member === "GetRole") return thing.role;
    if (member === "GetState") return [1 << 25, 0];
    if (member === "GetChildren")
      return Object.keys(things)
        .filter((each) => things[each]?.parent === path)
        .map(ref);
    if (member === "GetMatches") return (thing.finds ?? []).map(ref);
    if (member === "GetAccessibleAtPoint") return thing.within === undefined ? NOBODY : ref(thing.within);
    if (body[1] === "Name") return new Variant("s", thing.name ?? "");
    return new Variant("(so)", thing.parent === undefined ? NOBODY : ref(thing.parent));
  };
  const made = {
    calls: 0,
    bus: {
      call: async (call: Call, limit: number) => {
        made.calls += 1;
        if (!silent || call.to !== ":1.7") return [answer(call)];
        await new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), limit));
        return [];
      },
      onSignal: async () => undefined,
      onGone: () => undefined,
      close: () => undefined,
    },
  };
  return made;
}

const soon = () => performance.now() + 40;
const now = () => performance.now();
const at = (things: Readonly<Record<string, Thing>>, window = WINDOW) =>
  openAtSpi(program(things).bus, now).at(window, [70, 60], soon());

test("what is under the point is the control around the label there", async () => {
  const things = { "/window": { ...FRAME, within: "/label" }, "/label": LABEL, "/button": BUTTON };
  const bounds = { x: 50, y: 50, w: 80, h: 30 };
  expect(await at(things)).toEqual({ name: "Save", role: "push button", password: false, bounds });
});

test("where a container does not know what is at the point, its children are asked", async () => {
  const behind = { ...BUTTON, name: "Behind" };
  expect(await at({ "/window": FRAME, "/behind": behind, "/button": BUTTON, "/label": LABEL })).toMatchObject({
    name: "Save",
  });
});

test("a window that says it is elsewhere than the X server has it is not believed", async () => {
  const elsewhere = { ...FRAME, box: [500, 10, 400, 300], within: "/button" } as const;
  expect(await at({ "/window": elsewhere, "/button": BUTTON })).toBeNull();
});

test("of two windows at the same place the one with the title counts; with none of them, nothing", async () => {
  const other = { ...FRAME, name: "Other", within: "/other" };
  const things = { "/window": { ...FRAME, within: "/button" }, "/behind": other, "/button": BUTTON, "/other": LABEL };
  expect(await at(things)).toMatchObject({ name: "Save" });
  expect(await at(things, { ...WINDOW, title: "Third" })).toBeNull();
});

test("a control that is not at the point by its own words is none", async () => {
  const away = { ...BUTTON, box: [200, 200, 80, 30] } as const;
  expect(await at({ "/window": { ...FRAME, within: "/button" }, "/button": away })).toBeNull();
});

test("an open menu is found inside of the window that it was opened from", async () => {
  const item = { box: [20, 40, 100, 20], name: "Delete", role: 35, parent: "/menu" } as const;
  const other = { ...item, box: [20, 400, 100, 20], name: "Other" } as const;
  const menu = { box: [60, 12, 40, 20], name: "Edit", role: 33, parent: "/window" } as const;
  const things = { "/window": { ...FRAME, finds: ["/menu"] }, "/menu": menu, "/other": other, "/item": item };
  const popup = { pid: 7, title: "", bounds: { x: 15, y: 35, w: 120, h: 90 } };
  expect(await openAtSpi(program(things).bus, now).at(popup, [30, 50], soon())).toMatchObject({ name: "Delete" });
});

test("a password field with the focus says what it is", async () => {
  const field = { box: [20, 40, 100, 20], name: "Passphrase", role: 40, parent: "/window" } as const;
  const spi = openAtSpi(program({ "/window": { ...FRAME, finds: ["/field"] }, "/field": field }).bus, now);
  expect(await spi.focused(WINDOW, soon())).toMatchObject({ role: "password text", password: true });
});

test("a name of megabytes is cut, and says so; things that lie inside each other end", async () => {
  const long = { ...BUTTON, name: "A".repeat(5_000_000) };
  const found = await at({ "/window": { ...FRAME, within: "/button" }, "/button": long });
  expect(found?.name).toBe(`${"A".repeat(1000)}…`);
  const circle = { "/window": { ...FRAME, within: "/a" }, "/a": { ...LABEL, within: "/b", parent: "/b" } };
  expect(await at({ ...circle, "/b": { ...LABEL, within: "/a", parent: "/a" } })).toBeNull();
});

test("a program that does not answer is left alone for a while; another process's window costs nothing", async () => {
  const hung = program({ "/window": FRAME }, true);
  const spi = openAtSpi(hung.bus, now);
  await expect(spi.at(WINDOW, [70, 60], soon()).catch(() => null)).resolves.toBeNull();
  const before = hung.calls;
  expect(await spi.at(WINDOW, [70, 60], soon()).catch(() => null)).toBeNull();
  expect(hung.calls).toBe(before + 1);
  expect(await spi.at({ ...WINDOW, pid: 8 }, [70, 60], soon())).toBeNull();
  expect(hung.calls).toBe(before + 2);
});
