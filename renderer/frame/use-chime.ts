import { useEffect } from "react";
import { callOf } from "../../shared/asked.ts";
import type { SessionView } from "../../shared/session-view.ts";
import { usePreferences } from "../store/use-app.ts";

/** Two soft tones when something begins to wait and this window is not in front. */
export function useChime(view: SessionView | null): void {
  const { sound } = usePreferences();
  const call = view === null ? null : callOf(view);
  const waits = call?.waits === true ? call.key : null;
  useEffect(() => {
    if (waits !== null && sound && !document.hasFocus()) void chime();
  }, [waits, sound]);
}

const TONES = [660, 880] as const;
const TONE_S = 0.14;

async function chime(): Promise<void> {
  const audio = new AudioContext();
  const volume = audio.createGain();
  volume.gain.value = 0.08;
  volume.connect(audio.destination);
  const ends = TONES.map((hertz, i) => {
    const tone = audio.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(volume);
    tone.start(audio.currentTime + i * TONE_S);
    tone.stop(audio.currentTime + (i + 1) * TONE_S);
    return new Promise((resolve) => tone.addEventListener("ended", resolve));
  });
  await Promise.all(ends);
  await audio.close();
}
