/** The thread of controls.ts: connects to the accessibility bus and answers as far as it gets in time. */
import { parentPort, workerData } from "node:worker_threads";
import type { AccessibilityBus } from "../executor-env.ts";
import { type AtSpi, openAtSpi } from "./at-spi.ts";
import { openBus } from "./bus.ts";
import type { ControlsAnswer, ControlsQuery } from "./controls.ts";

/** How long the answer to one question may take, ms: a little less than is waited for it (controls.ts). */
const BUDGET = 44;
/** How long the bus itself may take to be found, and how long it is left alone when it could not be, ms. */
const FIND = 1000;
const AGAIN = 5000;

const now = () => performance.now();
const where = workerData as AccessibilityBus;
let tree: Promise<AtSpi> | null = null;

/** The accessibility bus; on the operator's desktop the session bus tells where it is (org.a11y.Bus). */
async function connect(): Promise<AtSpi> {
  const bus = await openBus(where.kind === "itself" ? where.address : await addressBy(where.address));
  bus.onGone(() => {
    tree = null;
  });
  return openAtSpi(bus, now);
}

async function addressBy(session: string): Promise<string> {
  const bus = await openBus(session);
  try {
    const call = { to: "org.a11y.Bus", path: "/org/a11y/bus", face: "org.a11y.Bus", member: "GetAddress" };
    const [address] = await bus.call(call, FIND);
    if (typeof address !== "string" || address === "") throw new Error("there is no accessibility bus");
    return address;
  } finally {
    bus.close();
  }
}

function connected(): Promise<AtSpi> {
  if (tree === null) {
    tree = connect();
    const none = () => {
      tree = null;
    };
    tree.catch(() => setTimeout(none, AGAIN));
  }
  return tree;
}

/** Null when it has not come by `until`; what comes later is nobody's. */
function by<T>(until: number, work: Promise<T | null>): Promise<T | null> {
  return Promise.race([
    work.catch(() => null),
    new Promise<null>((resolve) => setTimeout(() => resolve(null), Math.max(0, until - now()))),
  ]);
}

async function answer({ points, focus }: ControlsQuery): Promise<Omit<ControlsAnswer, "id">> {
  const until = now() + BUDGET;
  const [controls, focusControl] = await Promise.all([
    Promise.all(
      points.map(({ at, window }) =>
        window === null
          ? null
          : by(
              until,
              connected().then((tree) => tree.at(window, at, until)),
            ),
      ),
    ),
    focus === null
      ? null
      : by(
          until,
          connected().then((tree) => tree.focused(focus, until)),
        ),
  ]);
  return { controls, focusControl };
}

void connected().catch(() => undefined);

parentPort?.on("message", ({ id, query }: { readonly id: number; readonly query: ControlsQuery }) => {
  void answer(query).then((found) => parentPort?.postMessage({ id, ...found }));
});
