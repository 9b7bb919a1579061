import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../shared/session-event.ts";
import { Script, SESSION } from "../fixtures/events.ts";
import { fakeApi, INFO } from "../fixtures/fake-api.ts";
import { createApp } from "./app-store.ts";

const EVENTS = new Script(0)
  .start()
  .step(1, { action: "wait", duration: 1 }, "form", "form", "Waited 1s.")
  .turn(2, "form").events;

/** Lets every promise that is ready go on. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

function connected(stored: () => readonly StoredEvent[], current: string | null = SESSION) {
  const api = fakeApi({ info: { current }, stored });
  const app = createApp(api);
  const stop = app.connect();
  const seq = () => app.store.getState().mirrors[SESSION]?.view.seq ?? 0;
  return { api, app, stop, seq };
}

describe("a window that opens in the middle of a session", () => {
  it("fetches everything and follows what is pushed", async () => {
    const { api, app, seq } = connected(() => EVENTS.slice(0, 5));
    await settle();
    expect(seq()).toBe(5);
    expect(app.store.getState().gate).toBe(SESSION);
    api.pushEvents({ session: SESSION, events: EVENTS.slice(5, 7) });
    expect(seq()).toBe(7);
  });

  it("loses nothing of what is pushed while it fetches", async () => {
    let stored: readonly StoredEvent[] = EVENTS.slice(0, 3);
    const { api, seq } = connected(() => stored);
    stored = EVENTS;
    api.pushEvents({ session: SESSION, events: EVENTS.slice(6) });
    await settle();
    expect(seq()).toBe(EVENTS.length);
  });
});

it("asks for what a gap left out, after the newest event it has", async () => {
  const { api, seq } = connected(() => EVENTS);
  await settle();
  const other = connected(() => EVENTS.slice(0, 2), SESSION);
  await settle();
  other.api.pushEvents({ session: SESSION, events: EVENTS.slice(4, 5) });
  await settle();
  expect(other.api.asked).toContainEqual(["events", SESSION, 2]);
  expect(seq()).toBe(EVENTS.length);
  expect(api.asked[1]).toEqual(["events", SESSION, 0]);
});

it("keeps a session that ended in the gate until a new one is asked for", async () => {
  const { api, app } = connected(() => EVENTS);
  await settle();
  api.pushInfo({ ...INFO, current: SESSION, preferences: { ...INFO.preferences, theme: "dark" } });
  expect(app.store.getState().gate).toBe(SESSION);
  app.verbs.newSession();
  api.pushInfo({ ...INFO, current: SESSION });
  expect(app.store.getState().gate).toBeNull();
  api.pushInfo({ ...INFO, current: "fixture-0002" });
  expect(app.store.getState().gate).toBe("fixture-0002");
});

it("puts refusals and failures into words", async () => {
  const { api, app } = connected(() => [], null);
  const refusing = createApp({
    ...api,
    control: async () => ({ ok: false, error: "no session is open" }),
    reply: () => Promise.reject(new Error("session.reply: text: must not be empty")),
    close: () => Promise.reject(new Error("the journal can't be written")),
  });
  await refusing.verbs.control(SESSION, "pause");
  expect(refusing.store.getState().problem).toBe("no session is open");
  refusing.verbs.dismiss();
  expect(refusing.store.getState().problem).toBeNull();
  expect(await refusing.verbs.reply(SESSION, "")).toEqual({
    ok: false,
    error: "session.reply: text: must not be empty",
  });
  await refusing.verbs.close(SESSION);
  expect(refusing.store.getState().problem).toBe("the journal can't be written");
  expect(app.store.getState().problem).toBeNull();
});

it("stops following when it is disconnected", async () => {
  const { api, seq, stop } = connected(() => EVENTS.slice(0, 2));
  await settle();
  stop();
  api.pushEvents({ session: SESSION, events: EVENTS.slice(2) });
  expect(seq()).toBe(2);
});
