import { expect, it } from "vitest";
import { SentLedger } from "./sent-ledger.ts";

const press = { kind: "key", code: 38, down: true } as const;

it("takes each of our events once for its echo", () => {
  const ledger = new SentLedger();
  ledger.sent(press, 0);
  ledger.sent(press, 1);
  expect([ledger.isEcho(press, 2), ledger.isEcho(press, 3), ledger.isEcho(press, 4)]).toEqual([true, true, false]);
});

it("tells kind, code and direction apart", () => {
  const ledger = new SentLedger();
  ledger.sent(press, 0);
  expect(ledger.isEcho({ ...press, down: false }, 1)).toBe(false);
  expect(ledger.isEcho({ ...press, code: 39 }, 1)).toBe(false);
  expect(ledger.isEcho({ ...press, kind: "button" }, 1)).toBe(false);
  expect(ledger.isEcho(press, 1)).toBe(true);
});

it("forgets an event whose echo never came", () => {
  const ledger = new SentLedger();
  ledger.sent(press, 0);
  expect(ledger.isEcho(press, 5000)).toBe(false);
});
