/** Ends a `switch` over a union: a new member that nobody handles is a compile error, and at run time an exception. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
