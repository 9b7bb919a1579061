// Who may import whom, as data. Rooms of the main process know each other only through electron/session and
// electron/main.ts; shared knows nobody; the renderer knows shared.

/** Rooms that may not import each other. */
const ROOMS = ["claude", "gate", "computer", "desktop", "health", "journal", "practice", "settings", "windows"];
/** Tests, and what only tests use. */
const TEST = "(\\.test\\.tsx?|/(test-[a-z-]+|testkit)\\.ts)$";

const roomRules = ROOMS.map((room) => ({
  name: `room-${room}`,
  comment: `electron/${room} imports shared and itself; other rooms are handed to it by electron/session or electron/main.ts.`,
  severity: "error",
  from: { path: `^electron/${room}/`, pathNot: TEST },
  to: { path: "^(electron|renderer|e2e|bench|soak|scripts)/", pathNot: `^electron/${room}/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "shared-imports-only-itself",
      comment: "shared/ is pure: nothing of ours, and of the packages only zod, and re2js for patterns that end.",
      severity: "error",
      from: { path: "^shared/", pathNot: TEST },
      to: { pathNot: "^(shared/|node_modules/(zod|re2js)/)" },
    },
    {
      name: "shared-tests-stay-in-shared",
      severity: "error",
      from: { path: "^shared/" },
      to: { path: "^(electron|renderer|e2e|bench|soak|scripts)/" },
    },
    {
      name: "renderer-imports-only-shared",
      comment: "The window is a sandboxed page: it knows shared/ and what the preload gives it.",
      severity: "error",
      from: { path: "^renderer/" },
      to: { path: "^(electron|e2e|bench|soak|scripts)/" },
    },
    {
      name: "renderer-has-no-node",
      severity: "error",
      from: { path: "^renderer/", pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "renderer-has-no-main-packages",
      severity: "error",
      from: { path: "^renderer/" },
      to: { path: "^node_modules/(electron|electron-log|x11|@anthropic-ai|@nut-tree|@nut-tree-fork|@napi-rs)/" },
    },
    {
      name: "preload-imports-only-shared",
      severity: "error",
      from: { path: "^electron/preload\\.ts$" },
      to: { path: "^(electron|renderer|e2e|bench|soak|scripts)/" },
    },
    ...roomRules,
    {
      name: "session-takes-types-only",
      comment:
        "The runner is given its Claude, computer and journal: it imports types, and what the file named after the room exports. The gate is its own.",
      severity: "error",
      from: { path: "^electron/session/", pathNot: TEST },
      to: {
        path: "^(electron|renderer|e2e|bench|soak|scripts)/",
        pathNot: "^electron/((session|gate)/|(claude/claude|computer/computer|desktop/desktop|journal/journal)\\.ts$)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "native-input-only-in-computer",
      comment: "One place can move the mouse, and nobody reaches it but through the Computer interface.",
      severity: "error",
      from: { path: "^(electron|shared)/", pathNot: "^electron/computer/" },
      to: { path: "(@nut-tree|@nut-tree-fork)(/|$)" },
    },
    {
      name: "app-imports-no-tests",
      severity: "error",
      from: { path: "^(shared|electron|renderer)/", pathNot: TEST },
      to: { path: `(^(e2e|bench|soak|scripts)/|${TEST})` },
    },
    {
      name: "main-is-the-root",
      comment: "Only the build starts at electron/main.ts; importing it would start the app.",
      severity: "error",
      from: {},
      to: { path: "^electron/(main|preload)\\.ts$" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^(electron|vite/client)$|\\.css$|\\?" },
    },
    {
      name: "no-dev-packages-in-the-app",
      severity: "error",
      from: { path: "^(shared|electron|renderer)/", pathNot: TEST },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["type-only"],
        pathNot: "node_modules/electron/",
      },
    },
  ],
  options: {
    // dependency-cruiser reads TypeScript up to 6 with its own compiler; ours is 7, so swc parses.
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
