/** The home folders that programs of own desktops get. */
import { chmodSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Home, homeName } from "../../shared/own-desktop.ts";
import { DesktopError } from "./desktop-error.ts";

/** A home taken by one session; null `path` is the operator's own. */
export type TakenHome = { readonly path: string | null; readonly release: () => void };

export class Homes {
  readonly #folder: string;
  readonly #taken = new Set<string>();

  /** @param folder where kept homes are, each in a folder of its name; made when the first is */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The names of the kept ones. */
  names(): readonly string[] {
    try {
      return readdirSync(this.#folder, { withFileTypes: true })
        .filter((each) => each.isDirectory() && homeName.safeParse(each.name).success)
        .map(({ name }) => name)
        .sort();
    } catch {
      return [];
    }
  }

  /**
   * Gives a session its home until `release`. Throws a DesktopError whose words begin with `where.home`.
   * @param dir the session's own folder, deleted with it: a fresh home is in there
   */
  take(home: Home, dir: string): TakenHome {
    if (home.kind === "operator") return { path: null, release: () => undefined };
    if (home.kind === "fresh") return { path: privateFolder(join(dir, "home")), release: () => undefined };
    const { name } = home;
    if (!homeName.safeParse(name).success) throw new DesktopError("home", `where.home.name: "${name}" is no name.`);
    if (this.#taken.has(name))
      throw new DesktopError("home", `where.home.name: another session works with the home "${name}"; end it first.`);
    const path = privateFolder(join(this.#folder, name));
    this.#taken.add(name);
    return { path, release: () => void this.#taken.delete(name) };
  }
}

/** Makes a folder that is the operator's alone, or sees to it that the one there is. */
function privateFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (!lstatSync(path).isDirectory()) throw new Error(`${path} is not a folder`);
    chmodSync(path, 0o700);
    return path;
  } catch (error) {
    throw new DesktopError(
      "home",
      `where.home: can't be made: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
