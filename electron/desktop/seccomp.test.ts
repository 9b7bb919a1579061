import { expect, it } from "vitest";
import { seccompFilter } from "./seccomp.ts";

const X86_64 = 0xc000003e;
const I386 = 0x40000003;
const ARM64 = 0xc00000b7;

/** Runs a filter as the kernel does; true where the call is allowed. */
function allows(filter: Buffer | null, audit: number, call: number): boolean {
  if (filter === null) throw new Error("expected a filter");
  let loaded = 0;
  for (let at = 0; ; at += 1) {
    const value = filter.readUInt32LE(at * 8 + 4);
    const [ifTrue, ifFalse] = [filter.readUInt8(at * 8 + 2), filter.readUInt8(at * 8 + 3)];
    switch (filter.readUInt16LE(at * 8)) {
      case 0x20:
        loaded = value === 0 ? call : audit;
        break;
      case 0x15:
        at += loaded === value ? ifTrue : ifFalse;
        break;
      case 0x35:
        at += loaded >= value ? ifTrue : ifFalse;
        break;
      default:
        return value === 0x7fff0000;
    }
  }
}

it.each([
  ["x64", X86_64, 250],
  ["x64", X86_64, 248],
  ["x64", X86_64, 427],
  ["x64", I386, 288],
  ["arm64", ARM64, 219],
] as const)("on %s the calls of key rings and io_uring are refused (%i, %i)", (arch, audit, call) => {
  const filter = seccompFilter(arch);
  expect(allows(filter, audit, call)).toBe(false);
  // x32's door to the same calls.
  if (audit === X86_64) expect(allows(filter, audit, call + 0x40000000)).toBe(false);
});

it("allows the rest of its own architectures, and nothing of others", () => {
  const filter = seccompFilter("x64");
  for (const call of [0, 1, 59, 101, 247, 251, 424, 428, 435]) expect(allows(filter, X86_64, call)).toBe(true);
  for (const call of [0, 250, 285, 289]) expect(allows(filter, I386, call)).toBe(true);
  expect(allows(filter, ARM64, 0)).toBe(false);
  expect(seccompFilter("s390x")).toBeNull();
});
