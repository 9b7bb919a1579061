import { describe, expect, test } from "vitest";
import { splitCommandLine } from "./command-line.ts";

describe("splitCommandLine", () => {
  test.each([
    ["mousepad", ["mousepad"]],
    ["  mousepad   a.txt\tb.txt ", ["mousepad", "a.txt", "b.txt"]],
    ["mousepad 'my notes.txt'", ["mousepad", "my notes.txt"]],
    ['xterm -e "sh -c \\"echo hi\\""', ["xterm", "-e", 'sh -c "echo hi"']],
    ["echo 'a $HOME; b'", ["echo", "a $HOME; b"]],
    ["a b\\ c", ["a", "b c"]],
    ['a ""', ["a", ""]],
    ["a x''y", ["a", "xy"]],
    ["file#1 a~b", ["file#1", "a~b"]],
    ["prog --x=1,2 -- /tmp/ä", ["prog", "--x=1,2", "--", "/tmp/ä"]],
  ])("%s", (line, words) => {
    expect(splitCommandLine(line)).toEqual({ ok: true, words });
  });

  test.each([
    ["", "it names no program"],
    ["   ", "it names no program"],
    ["''", "it names no program"],
    ["mousepad 'open", "the ' is never closed"],
    ['mousepad "open', 'the " is never closed'],
    ["mousepad \\", "it ends with a backslash"],
    ["mousepad; rm x", "so ; has to be in quotes"],
    ["a | b", "so | has to be in quotes"],
    ["a $HOME", "so $ has to be in quotes"],
    ["a `b`", "so ` has to be in quotes"],
    ["a ~/x", "so ~ has to be in quotes"],
    ["a > b", "so > has to be in quotes"],
    ["a\nb", "a command is one line of text"],
    ["a\0b", "a command is one line of text"],
  ])("%j is refused", (line, why) => {
    const split = splitCommandLine(line);
    expect(split).toMatchObject({ ok: false });
    expect(!split.ok && split.error).toContain(why);
  });
});
