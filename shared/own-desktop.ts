/** What is chosen for a desktop of Claude's own beside its size and programs: the home folder and the confinement. */
import { z } from "zod";
import type { Where } from "./session-event.ts";

/** Command lines of programs that a session can begin with. */
export const MOST_PROGRAMS = 8;

/** A kept home's name is the name of its folder too. */
export const homeName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, {
  error: "expected 1 to 40 letters, digits, dots, dashes and underscores, the first a letter or digit",
});

/** `fresh`: empty, deleted when the session ends. `kept`: one of this name that stays. `operator`: the operator's own. */
export const homeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fresh") }),
  z.strictObject({ kind: z.literal("kept"), name: homeName }),
  z.strictObject({ kind: z.literal("operator") }),
]);
export type Home = z.infer<typeof homeSchema>;

/** What can follow the network: none, one of the programs' own behind this machine's, this machine's itself. */
export const NETWORKS = ["off", "own", "shared"] as const;
export type Network = (typeof NETWORKS)[number];

const FOLDERS = 16;

export const folderSchema = z.strictObject({
  path: z
    .string()
    .max(1000)
    .regex(/^\/[^\0\r\n]*$/, { error: "expected a folder's whole path, beginning with /" }),
  writable: z.boolean(),
});
export type SharedFolder = z.infer<typeof folderSchema>;

/** Of the operator's files the programs reach these folders alone. */
export const confinedSchema = z.strictObject({
  folders: z
    .array(folderSchema)
    .max(FOLDERS, { error: `at most ${FOLDERS} folders` })
    .readonly(),
  network: z.enum(NETWORKS),
});
export type Confined = z.infer<typeof confinedSchema>;

const NETWORK_WORDS: Readonly<Record<Network, string>> = {
  off: "off",
  own: "on, apart from this machine's",
  shared: "this machine's own",
};

/** A place in words: `[name, value]` for each thing that was chosen. */
export function whereFacts(where: Where): readonly (readonly [string, string])[] {
  if (where.kind === "this") return [["Where", `This desktop, display ${where.monitor ?? "not known"}`]];
  const { size, programs, home = { kind: "operator" }, confined = null } = where;
  return [
    ["Where", `A desktop of its own, ${size.w} × ${size.h}`],
    ["Programs", programs.length > 0 ? programs.join("\n") : "none"],
    ["Home folder", homeWords(home)],
    ["Confined", confined === null ? "no" : "yes, by bubblewrap"],
    ...(confined === null
      ? []
      : ([
          ["Folders", confined.folders.length > 0 ? confined.folders.map(folderWords).join("\n") : "none"],
          ["Network", NETWORK_WORDS[confined.network]],
        ] as const)),
  ];
}

function homeWords(home: Home): string {
  switch (home.kind) {
    case "fresh":
      return "fresh, deleted at the end";
    case "kept":
      return `kept, ${home.name}`;
    case "operator":
      return "the operator's own";
  }
}

function folderWords({ path, writable }: SharedFolder): string {
  return `${path} (${writable ? "may be changed" : "read only"})`;
}
