import { expect, it } from "vitest";
import { fitted, panned, placeOf, zoomed } from "./zoom.ts";

const PICTURE = { w: 1280, h: 800 };
const FIT = { w: 640, h: 400 };
const ROOM = { w: 700, h: 400 };
const whole = fitted(PICTURE);

/** The picture's point under a spot of the room. */
function under(zoom: typeof whole, x: number, y: number) {
  const { size, left, top } = placeOf(zoom, PICTURE, FIT, ROOM);
  return [Math.round(((x - left) / size.w) * PICTURE.w), Math.round(((y - top) / size.h) * PICTURE.h)];
}

it("shows the whole picture in the middle at first", () => {
  expect(placeOf(whole, PICTURE, FIT, ROOM)).toEqual({ size: FIT, left: 30, top: 0 });
});

it("keeps what is under the pointer under it, as long as there is picture at the edges", () => {
  const zoom = zoomed(whole, 6, { x: 350, y: 200 }, PICTURE, FIT, ROOM);
  const spot = { x: 300, y: 150 };
  const more = zoomed(zoom, 2, spot, PICTURE, FIT, ROOM);
  const [x0 = 0, y0 = 0] = under(zoom, spot.x, spot.y);
  const [x1 = 0, y1 = 0] = under(more, spot.x, spot.y);
  expect(Math.abs(x1 - x0)).toBeLessThanOrEqual(2);
  expect(Math.abs(y1 - y0)).toBeLessThanOrEqual(2);
});

it("goes no further than eight px a pixel, and back to the whole picture", () => {
  const most = zoomed(whole, 100, { x: 0, y: 0 }, PICTURE, FIT, ROOM);
  expect(placeOf(most, PICTURE, FIT, ROOM).size.w).toBe(1280 * 8);
  expect(zoomed(most, -100, { x: 10, y: 10 }, PICTURE, FIT, ROOM)).toEqual(whole);
});

it("leaves no gap at an edge, and a move away from an edge shows at once", () => {
  const zoom = zoomed(whole, 4, { x: 0, y: 0 }, PICTURE, FIT, ROOM);
  const far = panned(zoom, [5000, 5000], PICTURE, FIT, ROOM);
  expect(placeOf(far, PICTURE, FIT, ROOM)).toMatchObject({ left: 0, top: 0 });
  expect(placeOf(panned(far, [-10, -10], PICTURE, FIT, ROOM), PICTURE, FIT, ROOM)).toMatchObject({
    left: -10,
    top: -10,
  });
});
