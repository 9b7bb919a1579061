import { expect, test } from "vitest";
import { type RetentionParts, retentionRound } from "./retention-runner.ts";

function parts(left: string[], over: Partial<RetentionParts> = {}) {
  const deleted: string[] = [];
  const troubles: unknown[] = [];
  let swept = 0;
  const all: RetentionParts = {
    store: {
      retainNext: () => left.shift() ?? null,
      sweep: () => {
        swept += 1;
      },
    },
    retention: () => ({ days: 90, gigabytes: 20 }),
    busy: () => false,
    onDeleted: (session) => void deleted.push(session),
    onTrouble: (error) => void troubles.push(error),
    ...over,
  };
  return { all, deleted, troubles, swept: () => swept };
}

test("one after another until all is covered, then what nobody names", async () => {
  const { all, deleted, swept } = parts(["a", "b"]);
  await retentionRound(all);
  expect([deleted, swept()]).toEqual([["a", "b"], 1]);
});

test("nothing before the operator has answered", async () => {
  const { all, deleted, swept } = parts(["a"], { retention: () => null });
  await retentionRound(all);
  expect([deleted, swept()]).toEqual([[], 0]);
});

test("stops when a session begins", async () => {
  const { all, deleted } = parts(["a", "b", "c"], { busy: () => deleted.length === 2 });
  await retentionRound(all);
  expect(deleted).toEqual(["a", "b"]);
});

test("a record that can't be written is told", async () => {
  const store = {
    retainNext: () => {
      throw new Error("full");
    },
    sweep: () => undefined,
  };
  const { all, troubles } = parts([], { store });
  await retentionRound(all);
  expect(troubles).toHaveLength(1);
});
