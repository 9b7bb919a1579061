/** The system's own settings pages that the app can open, and nothing else: no address ever comes from outside this file. */
import type { Outcome } from "../../shared/ipc.ts";
import type { SystemPage } from "../../shared/ipc-health.ts";

/** macOS's own addresses of its privacy panes. */
const ADDRESSES: Readonly<Record<SystemPage, string>> = {
  "screen-recording": "x-apple.systempreferences:com.apple.preference.security?Privacy_ScreenCapture",
  accessibility: "x-apple.systempreferences:com.apple.preference.security?Privacy_Accessibility",
};

/** @param open hands an address to the system */
export async function openSystemPage(
  page: SystemPage,
  platform: string,
  open: (address: string) => Promise<void>,
): Promise<Outcome> {
  if (platform !== "darwin") return { ok: false, error: "Only macOS has such a page." };
  try {
    await open(ADDRESSES[page]);
    return { ok: true };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      error: `The page could not be opened: ${why}. It is under Privacy & Security in System Settings.`,
    };
  }
}
