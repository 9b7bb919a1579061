/** The one place where main talks to the window: sender, frame and payload are checked before anything looks at them. */
import { type IpcMainInvokeEvent, ipcMain, type MessagePortMain, type WebContents } from "electron";
import { formatPath } from "../../shared/action.ts";
import { type Channel, type PushChannel, type Pushes, REQUESTS, type Replies, type Request } from "../../shared/ipc.ts";

export type Handlers = { readonly [C in Channel]: (request: Request<C>) => Replies[C] | Promise<Replies[C]> };

/** A message that is not what its channel expects; nothing was done. */
class BadMessage extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BadMessage";
  }
}

/**
 * Answers every channel. A message from anything but the main frame of `contents()` on our own page is refused.
 * @param onRefused told of each refused message, for the log
 */
export function answerWindow(
  contents: () => WebContents | null,
  handlers: Handlers,
  onRefused: (why: string) => void,
): void {
  for (const channel of channels()) {
    ipcMain.handle(channel, async (event, payload: unknown) => {
      try {
        checkSender(event, contents());
        return await handle(channel, payload, handlers);
      } catch (error) {
        if (error instanceof BadMessage) onRefused(`${channel}: ${error.message}`);
        throw error;
      }
    });
  }
}

/** Sends a push to the window, if there is one. */
export function pushTo<C extends PushChannel>(contents: WebContents | null, channel: C, payload: Pushes[C]): void {
  if (contents !== null && !contents.isDestroyed() && !contents.isCrashed()) contents.send(channel, payload);
}

/** Gives the window the other end of a session's port. */
export function portTo(contents: WebContents | null, session: string, port: MessagePortMain): void {
  if (contents === null || contents.isDestroyed() || contents.isCrashed()) return port.close();
  const payload: Pushes["push.live"] = { session };
  contents.postMessage("push.live" satisfies PushChannel, payload, [port]);
}

async function handle<C extends Channel>(channel: C, payload: unknown, handlers: Handlers): Promise<Replies[C]> {
  return await handlers[channel](parseRequest(channel, payload));
}

/** Checks a payload against its channel's schema. Throws a BadMessage that names the field. */
function parseRequest<C extends Channel>(channel: C, payload: unknown): Request<C> {
  const parsed = REQUESTS[channel].safeParse(payload);
  if (parsed.success) return parsed.data as Request<C>;
  const issue = parsed.error.issues[0];
  throw new BadMessage(`${formatPath(issue?.path ?? []) || "request"}: ${issue?.message ?? "not valid"}`);
}

function checkSender(event: IpcMainInvokeEvent, contents: WebContents | null): void {
  if (contents === null || event.sender !== contents) throw new BadMessage("not sent by the window");
  const frame = event.senderFrame;
  if (frame === null || frame !== contents.mainFrame) throw new BadMessage("not sent by the window's main frame");
  if (!frame.url.startsWith("app://countersign/")) throw new BadMessage("not sent by our own page");
}

function channels(): readonly Channel[] {
  return Object.keys(REQUESTS) as Channel[];
}
