import { describe, expect, it } from "vitest";
import { parseRetryAfter, waitAfter } from "./retry.ts";

describe("waitAfter", () => {
  it("doubles from 1 s to 60 s", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 20].map((n) => waitAfter(n, null, 0))).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ]);
  });

  it("takes off up to a quarter by chance, never below 1 s", () => {
    expect(waitAfter(1, null, 0.999)).toBe(1000);
    expect(waitAfter(7, null, 0.999)).toBeGreaterThanOrEqual(45_000);
    expect(waitAfter(7, null, 0.999)).toBeLessThan(46_000);
  });

  it("does as the API asks, up to five minutes", () => {
    expect(waitAfter(7, 0, 0)).toBe(0);
    expect(waitAfter(1, 42_000, 0)).toBe(42_000);
    expect(waitAfter(1, 86_400_000, 0)).toBe(300_000);
  });
});

describe("parseRetryAfter", () => {
  const now = Date.parse("2026-11-21T10:00:00Z");

  it("reads seconds, ms and dates", () => {
    expect(parseRetryAfter(null, "7", now)).toBe(7000);
    expect(parseRetryAfter(null, "1.5", now)).toBe(1500);
    expect(parseRetryAfter("250", "7", now)).toBe(250);
    expect(parseRetryAfter(null, "Sat, 21 Nov 2026 10:00:30 GMT", now)).toBe(30_000);
    expect(parseRetryAfter(null, "Sat, 21 Nov 2026 09:00:00 GMT", now)).toBe(0);
  });

  it("takes nothing from nonsense", () => {
    expect(parseRetryAfter(null, null, now)).toBeNull();
    expect(parseRetryAfter("", "soon", now)).toBeNull();
    expect(parseRetryAfter("NaN", "Infinity", now)).toBeNull();
  });
});
