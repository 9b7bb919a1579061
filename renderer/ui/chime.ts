/** The sound of something that waits. */
const TONES = [660, 880] as const;
const TONE_S = 0.14;

/** Plays two soft tones; resolves when they are over. */
export async function chime(): Promise<void> {
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
