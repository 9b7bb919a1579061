import { useEffect, useState } from "react";

const CALM_MS = 120;

/** A value as it is; while things move, as it was when they last stood still for a moment. */
export function useCalm<T>(value: T, moving: boolean): T {
  const [calm, setCalm] = useState(value);
  useEffect(() => {
    if (!moving) return setCalm(() => value);
    const timer = setTimeout(() => setCalm(() => value), CALM_MS);
    return () => clearTimeout(timer);
  }, [value, moving]);
  return moving ? calm : value;
}
