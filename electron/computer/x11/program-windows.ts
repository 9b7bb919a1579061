/** Where the windows of some programs are: by class or by the name of the process's executable. */
import { readlink } from "node:fs/promises";
import { basename } from "node:path";
import type { Geometry } from "x11";
import type { Region } from "../../../shared/geometry.ts";
import { openX11, type X11 } from "./connection.ts";
import { clientOf, factsOf, orNull } from "./windows.ts";

const VIEWABLE = 2;

export type ProgramWindows = {
  /** What the programs' windows cover, also where another window covers them; px of the desktop. Rejects when it can't be told. */
  readonly areas: () => Promise<readonly Region[]>;
  readonly close: () => void;
};

/** Opens a connection of its own. @param programs class or executable, upper and lower case alike */
export async function openProgramWindows(
  display: string,
  authority: string,
  programs: readonly string[],
): Promise<ProgramWindows> {
  const x11 = await openX11({ display, authority });
  const wanted = new Set(programs.map((program) => program.toLowerCase()));
  return { areas: () => areasOf(x11, wanted), close: () => x11.close() };
}

async function areasOf(x11: X11, wanted: ReadonlySet<string>): Promise<readonly Region[]> {
  const { children } = await x11.tree(x11.root);
  const areas = await Promise.all(children.map((child) => areaOf(x11, child, wanted)));
  return areas.filter((area) => area !== null);
}

/** A window that is gone by now covers nothing. */
async function areaOf(x11: X11, child: number, wanted: ReadonlySet<string>): Promise<Region | null> {
  const attributes = await orNull(() =>
    x11.ask<{ readonly mapState: number }>((client, reply) => client.GetWindowAttributes(child, reply)),
  );
  if (attributes?.mapState !== VIEWABLE) return null;
  const facts = await orNull(async () => factsOf(x11, await clientOf(x11, child)));
  if (facts === null) return null;
  const names = [facts.class, facts.pid === null ? null : await executableOf(facts.pid)];
  if (!names.some((name) => name !== null && wanted.has(name.toLowerCase()))) return null;
  const at = await orNull(() => x11.ask<Geometry>((client, reply) => client.GetGeometry(child, reply)));
  if (at === null) return null;
  const [w, h] = [at.width + 2 * at.borderWidth, at.height + 2 * at.borderWidth];
  return [at.xPos, at.yPos, at.xPos + w, at.yPos + h];
}

async function executableOf(pid: number): Promise<string | null> {
  return await readlink(`/proc/${pid}/exe`).then(
    (path) => basename(path),
    () => null,
  );
}
