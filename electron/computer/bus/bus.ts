/** A connection to a D-Bus bus: calls with a limit, signals by a rule. Nothing here may hold anybody up. */
import type { EventEmitter } from "node:events";
import { Message, type MessageBus, MessageType, sessionBus } from "@jellybrick/dbus-next";

export type Call = {
  readonly to: string;
  readonly path: string;
  readonly face: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly unknown[];
};
export type Signal = {
  readonly path: string;
  readonly face: string;
  readonly member: string;
  readonly body: readonly unknown[];
};

export type Bus = {
  /** The reply's arguments; rejects when the bus or the callee refuses, or after `limit` ms. */
  readonly call: (call: Call, limit: number) => Promise<readonly unknown[]>;
  /** Called with every signal that the D-Bus match rule `rule` lets through, and with those of other rules. */
  readonly onSignal: (rule: string, listener: (signal: Signal) => void) => Promise<void>;
  readonly onGone: (listener: () => void) => void;
  readonly close: () => void;
};

/** ms. */
const CONNECT = 1000;
const DAEMON = { to: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", face: "org.freedesktop.DBus" } as const;

/** Connects to the bus at `address` (`unix:path=...`, the DBUS_*_BUS_ADDRESS form); rejects with an Error when there is none. */
export async function openBus(address: string): Promise<Bus> {
  const bus = sessionBus({ busAddress: address });
  const events: EventEmitter = bus;
  const { promise: gone, resolve: end } = Promise.withResolvers<void>();
  // Without a listener an error of the socket would end the process.
  events.on("error", () => end());
  const ended = gone.then(() => Promise.reject(new Error("the bus is gone")));
  ended.catch(() => undefined);
  try {
    await within(CONNECT, Promise.race([new Promise<void>((resolve) => events.once("connect", resolve)), ended]));
  } catch (error) {
    bus.disconnect();
    throw error;
  }
  const call = async ({ to, path, face, member, signature = "", body = [] }: Call, limit: number) => {
    const message = new Message({ destination: to, path, interface: face, member, signature, body: [...body] });
    const reply = await within(limit, Promise.race([bus.call(message), ended]));
    return reply?.body ?? [];
  };
  return {
    call,
    onSignal: async (rule, listener) => {
      events.on("message", (message: Message) => {
        const signal = signalOf(message);
        if (signal !== null) listener(signal);
      });
      await call({ ...DAEMON, member: "AddMatch", signature: "s", body: [`type='signal',${rule}`] }, CONNECT);
    },
    onGone: (listener) => void gone.then(listener),
    close: () => closeQuietly(bus),
  };
}

function signalOf(message: Message): Signal | null {
  if (message.type !== MessageType.SIGNAL) return null;
  const { path = "", interface: face = "", member = "", body = [] } = message;
  return { path, face, member, body };
}

function closeQuietly(bus: MessageBus): void {
  bus.removeAllListeners("message");
  bus.disconnect();
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
