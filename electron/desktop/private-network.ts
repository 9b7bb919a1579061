/**
 * A network of a confined program's own: a namespace in which slirp4netns answers for a router. What is outside can be
 * reached as from this machine; this machine's own services, and its abstract sockets (its X server's, its buses'), can't.
 */
import { readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, startChild } from "./child.ts";
import { NETWORK_NAMESPACE } from "./confine.ts";
import { DesktopError } from "./desktop-error.ts";

/** The name server that slirp4netns answers at, and the file that names it. */
export const RESOLV_CONF = "nameserver 10.0.2.3\n";
/** How long it may take, ms. */
const PATIENCE = 5000;
const POLL = 5;

/** The words that begin a command which `joinPrivateNetwork` is called for. */
export const PRIVATE_NETWORK = ["unshare", ...NETWORK_NAMESPACE] as const;

/**
 * Gives a child that was started behind `PRIVATE_NETWORK` its way out. Rejects with a DesktopError `confined`.
 * @returns what answers for its router; it ends with the child
 */
export async function joinPrivateNetwork(
  child: Child,
  env: Readonly<Record<string, string>>,
  log: string,
): Promise<Child> {
  await untilApart(child);
  const options = ["--configure", "--mtu=65520", "--disable-host-loopback", "--enable-seccomp", "--ready-fd=3"];
  const router = await startChild(["slirp4netns", ...options, String(child.pid), "tap0"], { env, log, withPipe: true });
  child.onEnd(() => {
    if (router.ended() === null) process.kill(router.pid, "SIGTERM");
  });
  await new Promise<void>((resolve, reject) => {
    const failed = (how: string) =>
      reject(
        new DesktopError("confined", `where.confined.network: no network could be made: ${how}. ${router.lastWords()}`),
      );
    const late = setTimeout(() => failed(`not ready after ${PATIENCE / 1000} seconds`), PATIENCE);
    router.onEnd((how) => {
      clearTimeout(late);
      failed(how);
    });
    router.pipe?.once("data", () => {
      clearTimeout(late);
      router.pipe?.destroy();
      resolve();
    });
  });
  return router;
}

/** Until then it is in our own namespace, which must never be configured. */
async function untilApart(child: Child): Promise<void> {
  const ours = await readlink("/proc/self/ns/net");
  for (let waited = 0; waited < PATIENCE; waited += POLL) {
    const its = await readlink(`/proc/${child.pid}/ns/net`).catch(() => null);
    if (its !== null && its !== ours) return;
    if (child.ended() !== null) break;
    await sleep(POLL);
  }
  throw new DesktopError(
    "confined",
    `where.confined.network: no namespace for it could be made. ${child.lastWords()}`.trim(),
  );
}
