/** For tests: another name for an X display, whose connections can be cut one by one, as a fault of the server would. */
import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { displayNumber, readCookie } from "./xauthority.ts";

const run = promisify(execFile);

/** Displays are TCP ports from here on; the first free numbers are left to servers. */
const FIRST_PORT = 6000;

export type TestProxy = {
  readonly display: string;
  readonly authority: string;
  /** Ends the connection that came last. */
  readonly cutNewest: () => void;
  readonly close: () => void;
};

/** @param folder where its cookie file may be written */
export async function startProxy(
  { display, authority }: { readonly display: string; readonly authority: string },
  folder: string,
): Promise<TestProxy> {
  const number = displayNumber(display);
  if (number === null) throw new Error(`${display} is no display`);
  const open: Socket[] = [];
  const server = createServer((client) => {
    const real = createConnection(join("/tmp/.X11-unix", `X${number}`));
    for (const socket of [client, real]) socket.on("error", () => undefined);
    client.pipe(real).pipe(client);
    client.on("close", () => real.destroy());
    real.on("close", () => client.destroy());
    open.push(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = (server.address() as AddressInfo).port - FIRST_PORT;
  const file = join(folder, "proxy-authority");
  await copyFile(authority, file);
  const { data } = await readCookie(authority, number);
  const hex = Buffer.from(data, "latin1").toString("hex");
  for (const name of [`:${own}`, `localhost:${own}`, `127.0.0.1:${own}`])
    await run("xauth", ["-q", "-f", file, "add", name, ".", hex]);
  return {
    display: `127.0.0.1:${own}`,
    authority: file,
    cutNewest: () => void open.findLast((socket) => !socket.destroyed)?.destroy(),
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
