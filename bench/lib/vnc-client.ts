/**
 * As much of a VNC viewer as it takes to be sent pictures (RFC 6143): no password, raw pixels, the next update asked for as
 * soon as one is there.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

const RAW = 0;
const UPDATE = 0;
const BELL = 2;
const CUT_TEXT = 3;
const NO_PASSWORD = 1;

export type VncClient = {
  /** Updates so far. */
  readonly updates: () => number;
  readonly close: () => void;
};

/** @param onSpot told the pixel (0xRRGGBB) at the top left corner of every part that begins there */
export async function openVnc(port: number, onSpot: (pixel: number) => void): Promise<VncClient> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const read = reader(socket);
  let updates = 0;
  let closed = false;
  await read(12);
  socket.write("RFB 003.008\n");
  const [kinds = 0] = await read(1);
  await read(kinds);
  socket.write(Buffer.from([NO_PASSWORD]));
  await read(4);
  socket.write(Buffer.from([1]));
  const start = await read(24);
  await read(start.readUInt32BE(20));
  const [w, h] = [start.readUInt16BE(0), start.readUInt16BE(2)];
  // 32 bits a pixel, depth 24, little-endian true colour, 255 of each at 16, 8, 0.
  socket.write(Buffer.from([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]));
  socket.write(Buffer.from([2, 0, 0, 1, 0, 0, 0, RAW]));
  const ask = (incremental: number) => {
    const request = Buffer.from([3, incremental, 0, 0, 0, 0, 0, 0, 0, 0]);
    request.writeUInt16BE(w, 6);
    request.writeUInt16BE(h, 8);
    socket.write(request);
  };
  const follow = async () => {
    ask(0);
    while (!closed) {
      const [kind] = await read(1);
      if (kind === BELL) continue;
      if (kind === CUT_TEXT) {
        await read((await read(7)).readUInt32BE(3));
        continue;
      }
      if (kind !== UPDATE) throw new Error(`the VNC server says ${kind}, which this client does not read`);
      const parts = (await read(3)).readUInt16BE(1);
      for (let i = 0; i < parts; i += 1) {
        const head = await read(12);
        const [x, y, pw, ph] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at));
        const pixels = await read((pw ?? 0) * (ph ?? 0) * 4);
        if (x === 0 && y === 0 && pixels.length > 0) onSpot(pixels.readUInt32LE(0) & 0xffffff);
      }
      updates += 1;
      ask(1);
    }
  };
  follow().catch((error: unknown) => {
    if (!closed) console.error("vnc:", error);
  });
  return {
    updates: () => updates,
    close: () => {
      closed = true;
      socket.destroy();
    },
  };
}

/** Reads exactly so many bytes. */
function reader(socket: Socket): (length: number) => Promise<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let waiting: { readonly length: number; readonly go: (bytes: Buffer) => void } | null = null;
  let parts: Buffer[] = [];
  let have = 0;
  const give = () => {
    if (waiting === null || have < waiting.length) return;
    held = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
    const { length, go } = waiting;
    waiting = null;
    const rest = held.subarray(length);
    parts = rest.length === 0 ? [] : [rest];
    have = rest.length;
    go(held.subarray(0, length));
  };
  socket.on("data", (chunk: Buffer) => {
    parts.push(chunk);
    have += chunk.length;
    give();
  });
  return (length) =>
    new Promise((resolve) => {
      waiting = { length, go: resolve };
      give();
    });
}
