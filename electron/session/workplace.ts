/** A session's desktop with the hands on it: where its end need not be the session's, both can be had anew. */
import type { Computer } from "../computer/computer.ts";
import type { DesktopPlace, SessionDesktop } from "./manager.ts";
import { RenewableComputer } from "./renewable-computer.ts";
import type { Renewable } from "./renewal.ts";
import type { Runner } from "./runner.ts";

export type Workplace = {
  readonly computer: Computer;
  readonly renewable: Renewable | null;
  /** Lets the session know of what happens to its desktop. */
  readonly follow: (runner: Pick<Runner, "lost" | "pauseFor" | "stop">) => void;
};

/**
 * Opens hands on a desktop; rejects with an Error in words.
 * @param attended whether somebody is there to look at a desktop that was had anew: without, its end ends the session
 */
export async function openWorkplace(
  desktop: SessionDesktop,
  startComputer: (desktop: SessionDesktop) => Promise<Computer>,
  attended: boolean,
): Promise<Workplace> {
  const first = await startComputer(desktop);
  const restart = desktop.restart?.bind(desktop);
  if (!attended || restart === undefined) return { computer: first, renewable: null, follow: ending(desktop) };
  let place: DesktopPlace = desktop;
  let gone = false;
  const computer = new RenewableComputer(first, async () => {
    const hands = () => startComputer({ ...desktop, ...place });
    // Where only the hands were lost, the programs are still there.
    const again = gone ? null : await hands().catch(() => null);
    if (again !== null) return again;
    place = await restart();
    gone = false;
    return await hands();
  });
  return {
    computer,
    renewable: {
      get isLost() {
        return computer.isLost;
      },
      renew: async () => {
        await computer.renew();
        return { display: place.display, pids: place.pids };
      },
      giveUp: () => computer.giveUp(),
    },
    follow: (runner) => {
      computer.onLost((why) => runner.lost(why));
      desktop.onMended?.((what) => void runner.pauseFor("desktop", `${what} Look at the desktop before you resume.`));
      desktop.onDied((why) => {
        gone = true;
        computer.lose(why);
      });
    },
  };
}

function ending(desktop: SessionDesktop): Workplace["follow"] {
  return (runner) => desktop.onDied((why) => void runner.stop("error", `${why} The session's desktop is gone.`));
}
