/** For tests: what a desktop's shell does on the session bus. It shows tray icons and notifications, and clicks them as told. */
import { once } from "node:events";
import { Message, type MessageBus, sessionBus, Variant } from "@jellybrick/dbus-next";

export type ShownNotification = {
  readonly title: string;
  readonly body: string;
  /** The names of what can be pressed on it; `default` is the notification itself. */
  readonly actions: readonly string[];
  readonly click: () => void;
};

export type TrayIcon = {
  readonly toolTip: () => Promise<string>;
  readonly click: () => Promise<void>;
  /** The menu's entries, in order. */
  readonly menu: () => Promise<readonly string[]>;
  /** Chooses an entry by its words. */
  readonly choose: (entry: string) => Promise<void>;
};

export type TestShell = {
  /** What is shown now, the oldest first. */
  readonly notifications: () => readonly ShownNotification[];
  /** How many were shown so far. */
  readonly notified: () => number;
  readonly icons: () => readonly TrayIcon[];
  readonly close: () => void;
};

type Reply = { readonly signature: string; readonly body: readonly unknown[] };

const NOTIFICATIONS = { path: "/org/freedesktop/Notifications", face: "org.freedesktop.Notifications" } as const;
const WATCHER = { path: "/StatusNotifierWatcher", face: "org.kde.StatusNotifierWatcher" } as const;
const ITEM = "org.kde.StatusNotifierItem";
const MENU = "com.canonical.dbusmenu";
const PROPERTIES = "org.freedesktop.DBus.Properties";
const NOTHING: Reply = { signature: "", body: [] };

export async function startTestShell(address: string): Promise<TestShell> {
  const bus = sessionBus({ busAddress: address });
  await once(bus, "connect");
  const shown = new Map<number, ShownNotification>();
  const icons = new Map<string, TrayIcon>();
  let last = 0;

  const signal = (member: string, signature: string, body: unknown[]) =>
    bus.send(Message.newSignal(NOTIFICATIONS.path, NOTIFICATIONS.face, member, signature, body));
  const take = (id: number, why: number) => {
    if (shown.delete(id)) signal("NotificationClosed", "uu", [id, why]);
  };
  const notify = ([, , , title, body, actions]: readonly unknown[]): Reply => {
    last += 1;
    const id = last;
    const click = () => {
      signal("ActionInvoked", "us", [id, "default"]);
      take(id, 2);
    };
    const pairs = actions as readonly string[];
    const names = pairs.filter((_, i) => i % 2 === 0);
    shown.set(id, { title: String(title), body: String(body), actions: names, click });
    return { signature: "u", body: [id] };
  };
  const notifications = ({ member, body }: Message): Reply => {
    switch (member) {
      case "GetServerInformation":
        return { signature: "ssss", body: ["test shell", "countersign", "1", "1.2"] };
      case "GetCapabilities":
        return { signature: "as", body: [["actions", "body"]] };
      case "Notify":
        return notify(body);
      case "CloseNotification":
        take(Number(body[0]), 3);
        return NOTHING;
      default:
        return NOTHING;
    }
  };
  const watcher = ({ member, body, sender }: Message): Reply => {
    if (member === "Get") return { signature: "v", body: [new Variant("b", true)] };
    if (member === "RegisterStatusNotifierItem" && sender !== undefined) {
      // A program registers a name of its own, or the path of its item.
      const given = String(body[0]);
      const [name, path] = given.startsWith("/") ? [sender, given] : [given, "/StatusNotifierItem"];
      icons.set(`${name}${path}`, iconOf(bus, name, path));
    }
    return NOTHING;
  };
  bus.addMethodHandler((message: Message) => {
    const answer = message.path === NOTIFICATIONS.path ? notifications : message.path === WATCHER.path ? watcher : null;
    if (answer === null) return false;
    const { signature, body } = answer(message);
    bus.send(Message.newMethodReturn(message, signature, [...body]));
    return true;
  });
  for (const name of [NOTIFICATIONS.face, WATCHER.face]) await bus.requestName(name);
  return {
    notifications: () => [...shown.values()],
    notified: () => last,
    icons: () => [...icons.values()],
    close: () => bus.disconnect(),
  };
}

function iconOf(bus: MessageBus, to: string, path: string): TrayIcon {
  const property = async (name: string): Promise<unknown> => {
    const [value] = await call(bus, { to, path }, PROPERTIES, "Get", "ss", [ITEM, name]);
    return (value as Variant).value;
  };
  /** Ids and words of the menu's entries. */
  const entries = async (): Promise<readonly (readonly [id: number, words: string])[]> => {
    const menu = { to, path: String(await property("Menu")) };
    const [, layout] = await call(bus, menu, MENU, "GetLayout", "iias", [0, -1, []]);
    const [, , children] = layout as [number, unknown, Variant[]];
    return children.map((child) => {
      const [id, properties] = child.value as [number, Record<string, Variant>];
      return [id, String(properties.label?.value ?? "").replaceAll("_", "")];
    });
  };
  return {
    toolTip: async () => String(((await property("ToolTip")) as readonly unknown[])[2]),
    click: async () => void (await call(bus, { to, path }, ITEM, "Activate", "ii", [0, 0])),
    menu: async () => (await entries()).map(([, words]) => words),
    choose: async (entry) => {
      const [id] = (await entries()).find(([, words]) => words === entry) ?? [];
      if (id === undefined) throw new Error(`the tray's menu has no "${entry}"`);
      const menu = { to, path: String(await property("Menu")) };
      await call(bus, menu, MENU, "Event", "isvu", [id, "clicked", new Variant("i", 0), 0]);
    },
  };
}

async function call(
  bus: MessageBus,
  { to, path }: { readonly to: string; readonly path: string },
  face: string,
  member: string,
  signature: string,
  body: unknown[],
): Promise<readonly unknown[]> {
  const reply = await bus.call(new Message({ destination: to, path, interface: face, member, signature, body }));
  return reply?.body ?? [];
}
