import { IconEyeOff } from "@tabler/icons-react";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import { chordCombo } from "../../../shared/chords.ts";
import { parseKeys } from "../../../shared/keys.ts";
import { usePreferences } from "../../store/use-app.ts";
import { Notice } from "../../ui/Notice.tsx";
import { fitInside } from "../../ui/overlay.ts";
import { pixelAt } from "../../ui/picture-map.ts";
import { comboOf, heldModifiers, makesText, modifierOf } from "../../ui/pressed-keys.ts";
import { useSize } from "../../ui/use-size.ts";
import { LiveCanvas } from "../live/LiveCanvas.tsx";
import { LiveWord } from "../live/LiveWord.tsx";
import type { LivePicture } from "../live/use-live.ts";
import { wheelClicks } from "./hand-input.ts";
import { useHands } from "./use-hands.ts";

type Props = {
  readonly session: string;
  readonly live: LivePicture;
  /** Id of the element that says how to leave the picture by keyboard. */
  readonly hint: string;
  /** Capture is paused: the picture stays as it was, and hands go on working. */
  readonly off: boolean;
};

/**
 * The session's desktop, live and under the operator's own hands. While it has the focus every key goes there; Escape
 * and then Tab leaves it. Nothing done here is ever a decision: there is no card, and no key gets past it.
 */
export function LiveDesktop({ session, live, hint, off }: Props) {
  const { take, paste, finish, error, said } = useHands(session);
  const { stop } = usePreferences().chords;
  const [box, room] = useSize<HTMLDivElement>();
  const hands = useRef<HTMLDivElement>(null);
  const keys = useRef<HTMLTextAreaElement>(null);
  const lastKey = useRef("");
  const space = live.size ?? { w: 1280, h: 800 };
  const size = fitInside(space, room);

  const at = (event: { readonly clientX: number; readonly clientY: number }) => {
    const box = hands.current?.getBoundingClientRect() ?? new DOMRect(0, 0, size.w, size.h);
    const spot = { x: event.clientX - box.left, y: event.clientY - box.top };
    return pixelAt(spot, { w: Math.max(1, box.width), h: Math.max(1, box.height) }, space);
  };

  // React listens to the wheel passively, where the page could not be kept from scrolling.
  const onWheel = useRef<(event: WheelEvent) => void>(() => undefined);
  onWheel.current = (event) => {
    event.preventDefault();
    const [dx, dy] = [wheelClicks(event.deltaX, event.deltaMode), wheelClicks(event.deltaY, event.deltaMode)];
    take({ kind: "wheel", at: at(event), held: heldModifiers(event), dx, dy });
  };
  const ready = live.canvas !== null;
  const stale = live.problem !== null && !off;
  useEffect(() => {
    const element = ready ? hands.current : null;
    const listener = (event: WheelEvent) => onWheel.current(event);
    element?.addEventListener("wheel", listener, { passive: false });
    return () => element?.removeEventListener("wheel", listener);
  }, [ready]);

  const onPress = (event: PointerEvent<HTMLDivElement>) => {
    keys.current?.focus({ preventScroll: true });
    event.currentTarget.setPointerCapture(event.pointerId);
    take({ kind: "press", at: at(event), button: event.button });
  };
  const onKey = (event: KeyboardEvent) => {
    event.stopPropagation();
    const leaves = event.key === "Tab" && lastKey.current === "Escape" && !event.ctrlKey && !event.altKey;
    if (modifierOf(event) === null && event.key !== "AltGraph") lastKey.current = event.key;
    // The page makes a paste of it.
    if (isPaste(event)) return;
    if (leaves || event.nativeEvent.isComposing || makesText(event)) return;
    event.preventDefault();
    const combo = comboOf(event);
    if (combo !== null && !completesStop(event, stop)) take({ kind: "key", keys: combo });
  };
  // What keys, dead keys and input methods have made; the field itself stays empty.
  const onText = (field: HTMLTextAreaElement) => {
    const text = field.value;
    field.value = "";
    if (text !== "") take({ kind: "text", text });
  };

  return (
    <>
      <div className="stage-picture live" style={{ aspectRatio: `${space.w} / ${space.h}` }}>
        <div className="picture" ref={box}>
          {live.canvas === null ? (
            <p className="live-wait dim">
              {off
                ? "Capture is paused: no picture of the desktop is taken."
                : stale
                  ? "No picture of the desktop can be had."
                  : "The picture is coming."}
            </p>
          ) : (
            // biome-ignore lint/a11y/noStaticElementInteractions: this is the other desktop; its keyboard is the field in it
            <div
              ref={hands}
              className="picture-frame live-hands"
              style={{ width: size.w, height: size.h }}
              onPointerDown={onPress}
              onPointerUp={(event) => take({ kind: "release", at: at(event), held: heldModifiers(event) })}
              onPointerCancel={finish}
              // The focus stays with the field that takes the keys.
              onMouseDown={(event) => event.preventDefault()}
              onContextMenu={(event) => event.preventDefault()}
            >
              <LiveCanvas canvas={live.canvas} name="Live desktop" />
              <textarea
                ref={keys}
                className="live-keys"
                aria-label="Keyboard of the desktop"
                aria-describedby={hint}
                autoComplete="off"
                autoCapitalize="off"
                spellCheck={false}
                onPaste={(event) => {
                  event.preventDefault();
                  paste(event.clipboardData.getData("text/plain"));
                }}
                onDrop={(event) => event.preventDefault()}
                onKeyDown={onKey}
                onKeyUp={(event) => event.stopPropagation()}
                onInput={(event) => {
                  if (!(event.nativeEvent as InputEvent).isComposing) onText(event.currentTarget);
                }}
                onCompositionEnd={(event) => onText(event.currentTarget)}
                onBlur={() => {
                  lastKey.current = "";
                  finish();
                }}
              />
            </div>
          )}
        </div>
        {off && ready ? (
          <p className="live-off small">
            <IconEyeOff size={16} aria-hidden="true" /> Capture is paused: this is how the desktop looked before
          </p>
        ) : null}
        {error === null && !(stale && ready) ? null : (
          <div className="live-problem">
            <Notice tone="bad" alert>
              {error ?? "No fresh picture: what you see may be old."}
            </Notice>
          </div>
        )}
      </div>
      <div className="stage-tools">
        <LiveWord live={live} still={off ? "Not live. Capture is paused." : null} />
        <p className="hands-said small dim" role="status" aria-label="Pasted text">
          {said}
        </p>
      </div>
    </>
  );
}

/** Text of the operator's own clipboard; the desktop's own is pasted by Shift+Insert. */
function isPaste(event: KeyboardEvent): boolean {
  return event.ctrlKey && !event.shiftKey && !event.altKey && !event.metaKey && event.key.toLowerCase() === "v";
}

/** The chord that stops the session everywhere, whatever else is held with it, is never passed on. */
function completesStop(event: KeyboardEvent, stop: string): boolean {
  const { modifiers, key } = chordCombo(stop);
  const held = heldModifiers(event);
  const pressed = parseKeys(comboOf(event) ?? "");
  return pressed.ok && pressed.combo.key === key && modifiers.every((modifier) => held.includes(modifier));
}
