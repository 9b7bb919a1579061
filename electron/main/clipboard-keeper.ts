/**
 * Keeps what is on the system's clipboard while a text is pasted, and puts it back. Electron writes several formats at once
 * only of those it knows (text, HTML, RTF, a picture), and another one only alone; each write takes away all there was
 * (https://www.electronjs.org/docs/latest/api/clipboard). What can't be put back is refused before anything is touched.
 */

/** Electron's `clipboard`, as far as this needs it; `Image` is its NativeImage. */
export type SystemClipboard<Image> = {
  readonly availableFormats: () => string[];
  readonly readText: () => string;
  readonly readHTML: () => string;
  readonly readRTF: () => string;
  readonly readImage: () => Image;
  readonly readBuffer: (format: string) => Buffer;
  readonly write: (data: { text?: string; html?: string; rtf?: string; image?: Image }) => void;
  readonly writeBuffer: (format: string, buffer: Buffer) => void;
  readonly clear: () => void;
};

type Kept<Image> = {
  readonly data: Parameters<SystemClipboard<Image>["write"]>[0];
  /** A format Electron does not know, alone on the clipboard. */
  readonly other: { readonly format: string; readonly buffer: Buffer } | null;
};

const TEXT = "text/plain";
const KNOWN: ReadonlySet<string> = new Set([TEXT, "text/html", "text/rtf", "image/png"]);

/** See `Clipboard` (computer/system/type-text.ts). */
export class ClipboardKeeper<Image> {
  readonly #clipboard: SystemClipboard<Image>;
  #kept: Kept<Image> | null = null;
  /** What we have put there; null before. */
  #ours: string | null = null;

  constructor(clipboard: SystemClipboard<Image>) {
    this.#clipboard = clipboard;
  }

  async keep(): Promise<void> {
    const { availableFormats, readText, readHTML, readRTF, readImage, readBuffer } = this.#clipboard;
    const formats = availableFormats();
    const others = formats.filter((format) => !KNOWN.has(format));
    const [first] = others;
    if (first !== undefined && formats.length > 1) throw new Error(lost(others));
    const has = (format: string) => formats.includes(format);
    this.#kept = {
      data: {
        ...(has(TEXT) ? { text: readText() } : {}),
        ...(has("text/html") ? { html: readHTML() } : {}),
        ...(has("text/rtf") ? { rtf: readRTF() } : {}),
        ...(has("image/png") ? { image: readImage() } : {}),
      },
      other: first === undefined ? null : { format: first, buffer: readBuffer(first) },
    };
    this.#ours = null;
  }

  async put(text: string): Promise<void> {
    if (this.#kept === null) throw new Error("text: the clipboard was not kept before");
    this.#ours = text;
    this.#clipboard.write({ text });
  }

  async putBack(): Promise<void> {
    const [kept, ours] = [this.#kept, this.#ours];
    this.#kept = null;
    this.#ours = null;
    // Nothing of ours is there: what is there is somebody's newer copy.
    if (kept === null || ours === null || this.#clipboard.readText() !== ours) return;
    const { data, other } = kept;
    if (other !== null) this.#clipboard.writeBuffer(other.format, other.buffer);
    else if (Object.keys(data).length > 0) this.#clipboard.write(data);
    else this.#clipboard.clear();
  }
}

function lost(formats: readonly string[]): string {
  return `text: it would have to be pasted, and the clipboard holds what could not be put back after that (${formats.join(", ")}). Copy something plain, then approve again.`;
}
