/** For tests: a D-Bus bus of their own, and a stand-in for logind on it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { Message, sessionBus, Variant } from "@jellybrick/dbus-next";

export type TestBus = {
  /** `unix:path=...` */
  readonly address: string;
  /** Sends a signal with one truth value. */
  signal(path: string, face: string, member: string, value: boolean): Promise<void>;
  close(): Promise<void>;
};

export async function startTestBus(): Promise<TestBus> {
  const daemon = spawn("dbus-daemon", ["--session", "--nofork", "--print-address=3"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [line] = await once(daemon.stdio[3] as Readable, "data");
  const address = String(line).trim();
  const bus = sessionBus({ busAddress: address });
  await once(bus, "connect");
  return {
    address,
    signal: async (path, face, member, value) => bus.send(Message.newSignal(path, face, member, "b", [value])),
    close: async () => {
      bus.disconnect();
      const gone = once(daemon, "exit");
      daemon.kill();
      await gone;
    },
  };
}

const SESSION = "/org/freedesktop/login1/session/_37";

/** One session, number 7. */
export async function startFakeLogind(address: string) {
  const bus = sessionBus({ busAddress: address });
  await once(bus, "connect");
  await bus.requestName("org.freedesktop.login1");
  let properties: Readonly<Record<string, boolean>> = { LockedHint: false, Active: true };
  bus.addMethodHandler((message: Message) => {
    const name = String(message.body?.[1]);
    if (message.member === "GetSession" && message.body?.[0] === "7")
      bus.send(Message.newMethodReturn(message, "o", [SESSION]));
    else if (message.member === "Get" && message.path === SESSION && name in properties)
      bus.send(Message.newMethodReturn(message, "v", [new Variant("b", properties[name])]));
    else return false;
    return true;
  });
  return {
    set(change: Readonly<Record<string, boolean>>): void {
      properties = { ...properties, ...change };
      // As logind does for some: the name of what changed, without its value.
      const body = ["org.freedesktop.login1.Session", {}, Object.keys(change)];
      bus.send(Message.newSignal(SESSION, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", body));
    },
    close: () => bus.disconnect(),
  };
}
