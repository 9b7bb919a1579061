/**
 * Why the app may not start without Chromium's sandbox, or null. Chromium refuses to sandbox for uid 0, so there, and only
 * there, it may be off.
 */
export function noSandboxProblem(hasSwitch: (name: string) => boolean, uid: number | undefined): string | null {
  if (!hasSwitch("no-sandbox") || uid === 0) return null;
  return "--no-sandbox: works only as uid 0, where Chromium refuses to sandbox; start without it";
}
