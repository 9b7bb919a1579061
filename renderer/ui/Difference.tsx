import { useEffect, useRef, useState } from "react";
import type { ImageRef } from "../../shared/digest.ts";
import type { Region, Size } from "../../shared/geometry.ts";
import { bitmapOf } from "./bitmaps.ts";
import { fitInside } from "./overlay.ts";
import { usePictureUrl } from "./picture-url.ts";
import { differenceOf } from "./pixel-difference.ts";
import { useSize } from "./use-size.ts";

type Props = { readonly before: ImageRef; readonly after: ImageRef; readonly name: string };

type Found = { readonly key: string; readonly words: string; readonly regions: readonly Region[] };

/** The screen afterwards, faint where nothing changed, with a frame around what did. */
export function Difference({ before, after, name }: Props) {
  const urlOf = usePictureUrl();
  const [box, room] = useSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [found, setFound] = useState<Found | null>(null);
  const key = `${before.sha256} ${after.sha256}`;
  const [from, to] = [urlOf(before.sha256), urlOf(after.sha256)];
  const { w, h } = after;
  const comparable = before.w === w && before.h === h;
  useEffect(() => {
    let on = true;
    if (!comparable) return setFound({ key, words: "The two pictures differ in size.", regions: [] });
    Promise.all([pixelsOf(from, { w, h }), pixelsOf(to, { w, h })]).then(
      ([a, b]) => {
        if (!on) return;
        const { share, regions, changed } = differenceOf(a.data, b.data, { w, h });
        draw(canvas.current, b, changed);
        setFound({ key, words: wordsFor(share, regions.length), regions });
      },
      () => on && setFound({ key, words: "One of the pictures could not be loaded.", regions: [] }),
    );
    return () => {
      on = false;
    };
  }, [key, from, to, w, h, comparable]);
  const size = fitInside(after, room);
  const ready = found?.key === key;
  return (
    <div className="difference">
      <div className="picture" ref={box}>
        <div className="picture-frame" style={{ width: size.w, height: size.h }}>
          <canvas ref={canvas} width={w} height={h} role="img" aria-label={name} data-ready={ready} />
          <svg
            className="overlay"
            viewBox={`0 0 ${w} ${h}`}
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
          >
            {(ready ? found.regions : []).map(([x0, y0, x1, y1]) => (
              <rect key={`${x0} ${y0}`} className="difference-frame" x={x0} y={y0} width={x1 - x0} height={y1 - y0} />
            ))}
          </svg>
        </div>
      </div>
      <p className="small difference-words" role="status" aria-label="How much changed">
        {ready ? found.words : "Comparing"}
      </p>
    </div>
  );
}

function wordsFor(share: number, places: number): string {
  if (places === 0) return "Nothing changed that can be seen.";
  const percent = share < 0.001 ? "less than 0.1" : (share * 100).toFixed(1);
  return `${percent} % of the picture changed, in ${places === 1 ? "one place" : `${places} places`}.`;
}

async function pixelsOf(url: string, { w, h }: Size): Promise<ImageData> {
  const bitmap = await bitmapOf(url);
  const surface = new OffscreenCanvas(w, h).getContext("2d", { willReadFrequently: true });
  if (surface === null) throw new Error("no 2d canvas");
  surface.drawImage(bitmap, 0, 0);
  bitmap.close();
  return surface.getImageData(0, 0, w, h);
}

/** What stayed is grey and faint; what changed keeps its colours. */
function draw(canvas: HTMLCanvasElement | null, picture: ImageData, changed: Uint8Array): void {
  const pixels = new Uint32Array(picture.data.buffer);
  for (let i = 0; i < pixels.length; i += 1) {
    if (changed[i] === 1) continue;
    const pixel = pixels[i] ?? 0;
    const grey = (77 * (pixel & 0xff) + 150 * ((pixel >>> 8) & 0xff) + 29 * ((pixel >>> 16) & 0xff)) >> 8;
    const faint = 140 + ((grey * 3) >> 3);
    pixels[i] = 0xff000000 | (faint << 16) | (faint << 8) | faint;
  }
  canvas?.getContext("2d")?.putImageData(picture, 0, 0);
}
