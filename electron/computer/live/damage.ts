/**
 * What has changed on a display, told by the server itself (DAMAGE). While nobody takes what has piled up the server says
 * one word at most, so watching a still display, or one nobody looks at, costs nothing.
 */
import type { Damage, Fixes } from "x11";
import type { Region } from "../../../shared/geometry.ts";
import { asCapture } from "../get-image.ts";
import { ask, type BareClient } from "../x11-client.ts";

export type DamageWatch = {
  /** What has changed since the last time; px of the display. Empty when nothing has. Rejects with a ComputerError. */
  readonly take: () => Promise<readonly Region[]>;
};

/** @param onDamage something has changed since the last `take`; called once until the next. Rejects in words without DAMAGE. */
export async function watchDamage(x: BareClient, onDamage: () => void): Promise<DamageWatch> {
  const [damage, fixes] = await Promise.all([
    new Promise<Damage>((resolve, reject) => {
      x.client.require("damage", (error, extension) => (error ? reject(error) : resolve(extension)));
    }),
    new Promise<Fixes>((resolve, reject) => {
      x.client.require("fixes", (error, extension) => (error ? reject(error) : resolve(extension)));
    }),
  ]);
  // A server answers requests of XFIXES only to who has said which version it speaks; the package has.
  const [watch, region] = [x.client.AllocID(), x.client.AllocID()];
  fixes.CreateRegion(region, []);
  x.client.on("event", (event) => {
    if (event.name === "DamageNotify") onDamage();
  });
  damage.Create(watch, x.root, damage.ReportLevel.NonEmpty);
  const take = async (): Promise<readonly Region[]> => {
    damage.Subtract(watch, 0, region);
    const { rectangles } = await asCapture(
      ask<{ readonly rectangles: readonly Rectangle[] }>(x, (reply) => fixes.FetchRegion(region, reply)),
    );
    return rectangles.map(({ x, y, width, height }) => [x, y, x + width, y + height]);
  };
  return { take };
}

type Rectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
