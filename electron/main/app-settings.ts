/** The settings as they are now, and the one way to change them. */
import { nativeTheme } from "electron";
import type { PreferencesPatch } from "../../shared/preferences.ts";
import { loadSettings, type Settings, saveSettings, setAside } from "../settings/settings.ts";

export class AppSettings {
  readonly file: string;
  /** What could not be read of the file, in words. */
  readonly problems: readonly string[];
  readonly #onChanged: () => void;
  #now: Settings;
  #unread: boolean;

  /** @param onChanged called after each change, once it is on disk */
  constructor(file: string, onChanged: () => void) {
    const { settings, problems } = loadSettings(file);
    this.file = file;
    this.problems = problems;
    this.#onChanged = onChanged;
    this.#now = settings;
    this.#unread = problems.length > 0;
    this.#applyTheme();
  }

  get now(): Settings {
    return this.#now;
  }

  /** Changes some of them; a file that could not be read is set aside first. */
  change(change: Partial<Settings>): void {
    this.#now = { ...this.#now, ...change };
    if (this.#unread) setAside(this.file);
    this.#unread = false;
    saveSettings(this.file, this.#now);
    this.#applyTheme();
    this.#onChanged();
  }

  #applyTheme(): void {
    const { theme } = this.#now;
    nativeTheme.themeSource = theme === "auto" ? "system" : theme;
  }
}

/** A patch without the fields that are not given. */
export function given(patch: PreferencesPatch): Partial<Settings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
