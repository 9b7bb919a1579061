/** One session's live picture: the port it comes through, and the canvas it is painted on. */
import { type LiveFrame, type LivePiece, toWatcherSchema } from "../../../shared/live.ts";

/** Paints the frames of `port`; what is no frame is an end. The next one is asked for once the page has painted this one. */
export function paintFrom(
  port: MessagePort,
  canvas: HTMLCanvasElement,
  told: { readonly painted: (frame: LiveFrame) => void; readonly ended: (why: string) => void },
): () => void {
  let open = true;
  const end = (why: string) => {
    if (!open) return;
    open = false;
    port.close();
    told.ended(why);
  };
  port.onmessage = ({ data }) => {
    const read = toWatcherSchema.safeParse(data);
    if (!open) return;
    if (!read.success) return end("The picture that came could not be read.");
    if (read.data.type === "ended") return end(read.data.why);
    const { frame } = read.data;
    paint(canvas, frame);
    told.painted(frame);
    requestAnimationFrame(() => open && port.postMessage({ type: "painted", seq: frame.seq }));
  };
  port.addEventListener("close", () => end("The desktop is gone."));
  port.start();
  return () => {
    open = false;
    port.close();
  };
}

function paint(canvas: HTMLCanvasElement, { size, whole, pieces }: LiveFrame): void {
  // Setting a size, even the same, would clear it.
  if (canvas.width !== size.w) canvas.width = size.w;
  if (canvas.height !== size.h) canvas.height = size.h;
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) return;
  const [only] = pieces;
  if (whole && only !== undefined && (only.w < size.w || only.h < size.h)) context.clearRect(0, 0, size.w, size.h);
  for (const piece of pieces) context.putImageData(imageOf(piece), piece.x, piece.y);
}

function imageOf({ w, h, data }: LivePiece): ImageData {
  return new ImageData(new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length), w, h);
}
