/** Numbers and times as the window writes them. */
import type { Usage } from "../../shared/model.ts";

/** A running clock, e.g. `0:07`, `12:03`, `1:02:03`; never negative. */
export function formatClock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const h = Math.floor(total / 3600);
  const m = Math.floor((total % 3600) / 60);
  const s = String(total % 60).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

/** How long something took, e.g. `85 ms`, `1.2 s`, `34 s`, `2 min 5 s`, `3 h 12 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  if (s >= 3600) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
}

/** How long a person took, never in ms, e.g. `0.1 s`, `1.2 s`, `2 min 5 s`. */
export function formatSeconds(ms: number): string {
  return ms < 950 ? `${(Math.max(100, ms) / 1000).toFixed(1)} s` : formatDuration(Math.max(1000, ms));
}

/** A count of tokens, e.g. `950`, `12.3k`, `1.2M`. */
export function formatTokens(count: number): string {
  if (count < 1000) return String(count);
  if (count < 99_950) return `${(count / 1000).toFixed(1)}k`;
  return count < 999_500 ? `${Math.round(count / 1000)}k` : `${(count / 1e6).toFixed(1)}M`;
}

/** All tokens of a usage, in and out, cached or not. */
export function totalTokens({ input, output, cacheWrite, cacheRead }: Usage): number {
  return input + output + cacheWrite + cacheRead;
}

/** USD, or words where a price is not known. */
export function formatCost(usd: number | null): string {
  if (usd === null) return "price unknown";
  return usd > 0 && usd < 0.01 ? "< $0.01" : `$${usd.toFixed(2)}`;
}

/** `1 step`, `2 steps`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Local time of day of an ISO time, e.g. `14:03:22`. */
export function formatTime(iso: string): string {
  const at = new Date(iso);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
}

/** Local date and time of an ISO time, e.g. `2026-11-21 14:03`. */
export function formatDateTime(iso: string): string {
  const at = new Date(iso);
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  return `${day} ${formatTime(iso).slice(0, 5)}`;
}

/** What went wrong, in the words it came with. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
