/** True when the process was started as the practice desk. */
export function isPracticeDesk(argv: readonly string[]): boolean {
  return argv.includes("--practice-desk");
}

/** The path after `--state-file=`, or null. */
export function stateFileOf(argv: readonly string[]): string | null {
  const flag = "--state-file=";
  return argv.find((each) => each.startsWith(flag))?.slice(flag.length) || null;
}
