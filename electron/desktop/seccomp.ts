/**
 * System calls that confined programs are refused, as a program for the kernel's classic BPF (seccomp(2)). Namespaces do not
 * cover these: the kernel's key rings are the operator's own, and the rest has been a way out of namespaces before.
 */

/** add_key, request_key, keyctl, perf_event_open, bpf, userfaultfd, io_uring_setup, _enter, _register: numbers by architecture. */
const IO_URING = [425, 426, 427];
const X86_64 = { audit: 0xc000003e, calls: [248, 249, 250, 298, 321, 323, ...IO_URING] };
const I386 = { audit: 0x40000003, calls: [286, 287, 288, 336, 357, 374, ...IO_URING] };
const ARM64 = { audit: 0xc00000b7, calls: [217, 218, 219, 241, 280, 282, ...IO_URING] };
const ARM = { audit: 0x40000028, calls: [309, 310, 311, 364, 386, 388, ...IO_URING] };

/** What a machine's kernel runs, by Node's name of it. */
const FAMILIES: Readonly<Partial<Record<string, readonly (typeof X86_64)[]>>> = {
  x64: [X86_64, I386],
  arm64: [ARM64, ARM],
};

const LOAD = 0x20;
const EQUAL = 0x15;
const AT_LEAST = 0x35;
const RETURN = 0x06;
/** Offsets in `struct seccomp_data`. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const ALLOW = 0x7fff0000;
/** Fails with EPERM. */
const REFUSE = 0x00050001;
/** x32, a second way to call on x86-64: its numbers begin here. */
const X32 = 0x40000000;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/** The filter; null for a kind of machine it is not known for. Calls of an architecture that is not its own are refused. */
export function seccompFilter(arch: string): Buffer | null {
  const family = FAMILIES[arch];
  if (family === undefined) return null;
  const blocks = family.map(({ audit, calls }): readonly Instruction[] => {
    const checks: Instruction[] = [
      ...(audit === X86_64.audit ? [[AT_LEAST, calls.length + 1, 0, X32] as const] : []),
      ...calls.map((call, i): Instruction => [EQUAL, calls.length - i, 0, call]),
    ];
    const body: Instruction[] = [[LOAD, 0, 0, NUMBER], ...checks, [RETURN, 0, 0, ALLOW], [RETURN, 0, 0, REFUSE]];
    return [[LOAD, 0, 0, ARCHITECTURE], [EQUAL, 0, body.length, audit], ...body];
  });
  const program: readonly Instruction[] = [...blocks.flat(), [RETURN, 0, 0, REFUSE]];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [i, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(ifTrue, i * 8 + 2);
    bytes.writeUInt8(ifFalse, i * 8 + 3);
    bytes.writeUInt32LE(value, i * 8 + 4);
  }
  return bytes;
}
