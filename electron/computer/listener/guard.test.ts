import { expect, test } from "vitest";
import { Guard } from "./guard.ts";
import type { Heard } from "./heard.ts";
import type { Touch } from "./person-detector.ts";

const KEY: Omit<Heard & { kind: "key" }, "at"> = { from: "device", kind: "key", code: 75, down: true };

/** A guard whose listener still has `late` to hear. */
function guarded(late: () => void) {
  const touches: Touch[] = [];
  let now = 0;
  const guard = new Guard({
    clock: { now: () => now, sleep: async () => undefined },
    down: async () => ({ keys: [], buttons: [] }),
    held: () => ({ keys: [], buttons: [] }),
    heard: async () => late(),
    onPerson: (touch) => touches.push(touch),
  });
  const press = () => guard.hear({ ...KEY, at: now });
  const pass = (ms: number) => {
    now += ms;
  };
  return { guard, touches, press, pass };
}

test("a key of the chord that decided, heard only after the decision, is no hand that reaches in; the next one is", async () => {
  const late: { hear: () => void } = { hear: () => undefined };
  const { guard, touches, press, pass } = guarded(() => late.hear());
  late.hear = press;
  await guard.begin();
  expect(touches).toEqual([]);
  pass(5);
  press();
  expect(touches).toEqual(["key"]);
});

test("a listener that ended keeps nothing waiting", async () => {
  const { guard } = guarded(() => {
    throw new Error("the connection has ended");
  });
  await expect(guard.begin()).resolves.toBeUndefined();
});
