/**
 * Whether an X display shows its screen saver, or has its monitors switched off: MIT-SCREEN-SAVER tells at once, DPMS has to
 * be asked.
 */
import type { Dpms, ScreenSaver } from "x11";
import type { Report } from "./bus/logind.ts";
import { ask, type BareClient, openClient } from "./x11-client.ts";

/** How often DPMS is asked, and the saver in case its event was missed, ms. */
const EVERY = 1000;
const SAVER_ON = 1;
const NOTIFY = 1;
const DPMS_ON = 0;

/**
 * Watches the display and reports at once how it is. Resolves with what ends the watching.
 * Rejects with an Error when the display can't be reached.
 */
export async function watchScreenSaver(display: string, authority: string, report: Report): Promise<() => void> {
  const x = await openClient(display, authority);
  const [saver, dpms] = await Promise.all([extension<ScreenSaver>(x, "screen-saver"), extension<Dpms>(x, "dpms")]);
  const look = async () => {
    const [{ state }, [level, enabled]] = await Promise.all([
      saver === null ? { state: 0 } : ask<{ readonly state: number }>(x, (reply) => saver.QueryInfo(x.root, reply)),
      dpms === null ? [DPMS_ON, 0] : ask<readonly [number, number]>(x, (reply) => dpms.Info(reply)),
    ]);
    report("screen-saver", state === SAVER_ON ? "The screen saver came up." : null);
    report("dpms", enabled !== 0 && level !== DPMS_ON ? "The screen was switched off." : null);
  };
  const again = () => void look().catch(() => undefined);
  saver?.SelectInput(x.root, NOTIFY);
  x.client.on("event", ({ name }) => {
    if (name === "ScreenSaverNotify") again();
  });
  await look();
  const timer = setInterval(again, EVERY);
  timer.unref();
  return () => {
    clearInterval(timer);
    x.client.terminate();
  };
}

function extension<T extends ScreenSaver | Dpms>(x: BareClient, name: "screen-saver" | "dpms"): Promise<T | null> {
  return new Promise((resolve) => x.client.require(name, (error, found) => resolve(error ? null : (found as T))));
}
