/** Stored policies: one JSON file each in `<user-data-dir>/policies`, readable by their owner only. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PolicyList, Saved } from "../../shared/ipc-policy.ts";
import { type Policy, readPolicy } from "../../shared/policy/format.ts";
import { readJson } from "../../shared/strict-json.ts";
import { writeJson } from "./json-file.ts";
import { readOutsideText } from "./outside-file.ts";

const FILE = /^([a-z0-9][a-z0-9-]{0,79})\.json$/;

export class PolicyStore {
  readonly #dir: string;

  constructor(userData: string) {
    this.#dir = join(userData, "policies");
  }

  /** Every stored policy by name; files that do not load are named with why. */
  list(): PolicyList {
    const policies: PolicyList["policies"][number][] = [];
    const broken: PolicyList["broken"][number][] = [];
    for (const file of this.#files()) {
      const id = FILE.exec(file)?.[1];
      const read = readPolicyFile(join(this.#dir, file));
      if (id === undefined) broken.push({ file, error: "its name is none of ours: a-z, 0-9 and - before .json" });
      else if (read.ok) policies.push({ id, policy: read.policy });
      else broken.push({ file, error: read.error });
    }
    policies.sort((a, b) => a.policy.name.localeCompare(b.policy.name));
    return { policies, broken };
  }

  /** Stores a policy over `id`, or as a new file. Names stay unique: they are what sessions are found by. */
  save(id: string | null, policy: Policy): Saved {
    const { policies } = this.list();
    const other = policies.find((each) => each.id !== id && each.policy.name === policy.name);
    if (other !== undefined) return { ok: false, error: `name: there is another policy "${policy.name}"` };
    if (id !== null && !policies.some((each) => each.id === id))
      return { ok: false, error: "This policy is no longer there; save it as a new one." };
    const file = id ?? this.#freeId(policy.name);
    try {
      writeJson(join(this.#dir, `${file}.json`), policy);
      return { ok: true, id: file };
    } catch (error) {
      return { ok: false, error: `The policy can't be written: ${wordsOf(error)}` };
    }
  }

  delete(id: string): { readonly ok: true } | { readonly ok: false; readonly error: string } {
    try {
      rmSync(join(this.#dir, `${id}.json`));
      return { ok: true };
    } catch (error) {
      return { ok: false, error: `The policy can't be deleted: ${wordsOf(error)}` };
    }
  }

  #files(): readonly string[] {
    try {
      return readdirSync(this.#dir)
        .filter((name) => name.endsWith(".json"))
        .sort();
    } catch {
      return [];
    }
  }

  #freeId(name: string): string {
    const base =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 60) || "policy";
    const taken = new Set(this.#files());
    for (let n = 1; ; n += 1) {
      const id = n === 1 ? base : `${base}-${n}`;
      if (!taken.has(`${id}.json`)) return id;
    }
  }
}

/** Reads one policy file; the error says what is wrong, with the path inside the file. */
export function readPolicyFile(file: string): ReturnType<typeof readPolicy> {
  const read = readOutsideText(file);
  if (!read.ok) return { ok: false, error: read.error };
  const json = readJson(read.text);
  return json.ok ? readPolicy(json.value) : json;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
