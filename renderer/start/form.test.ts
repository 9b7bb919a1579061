import { describe, expect, it } from "vitest";
import { startSchema } from "../../shared/ipc.ts";
import { MODELS, TOOL_VERSIONS } from "../../shared/model.ts";
import { checkForm, emptyForm, errorsOf, type StartForm, versionsFor, withModel } from "./form.ts";

const EMPTY = emptyForm({ model: "claude-opus-5-5", programs: ["mousepad"] });

function errors(change: Partial<StartForm>) {
  const checked = checkForm({ ...EMPTY, task: "Write a note", ...change });
  return checked.ok ? {} : checked.errors;
}

describe("the start form", () => {
  it("gives a request that main accepts", () => {
    const form = {
      ...EMPTY,
      task: "  Write a note\n",
      programs: "mousepad a.txt\n\n xterm ",
      usd: "",
      minutes: "7.5",
      askAll: true,
    };
    const checked = checkForm(form);
    if (!checked.ok) throw new Error("expected a request");
    expect(startSchema.parse(checked.request)).toEqual({
      task: "Write a note",
      model: "claude-opus-5-5",
      toolVersion: null,
      effort: "high",
      onePerTurn: false,
      where: { kind: "own", size: { w: 1280, h: 800 }, programs: ["mousepad a.txt", "xterm"] },
      mode: { kind: "ask", askAll: true },
      limits: { steps: 100, minutes: 7.5, usd: null },
    });
  });

  it("asks for this desktop, where no programs are opened", () => {
    const checked = checkForm({ ...EMPTY, task: "x", where: "this", monitor: "DP-1", programs: "a\n".repeat(9) });
    if (!checked.ok) throw new Error("expected a request");
    expect(startSchema.parse(checked.request).where).toEqual({ kind: "this", monitor: "DP-1" });
  });

  it("says what is wrong beside its field", () => {
    expect(errors({ task: " " })).toHaveProperty("task");
    expect(errors({ steps: "1.5" })).toEqual({ steps: "Must be a whole number." });
    expect(errors({ usd: "-1" })).toHaveProperty("usd");
    expect(errors({ minutes: "20000" })).toEqual({ minutes: "Must be at most 10,000." });
    expect(errors({ programs: "a\n".repeat(9) })).toHaveProperty("where");
    expect(errors({ mode: "watch" })).toEqual({});
  });

  it("lets every model of the table start, and one that is not in it once its tool version is chosen", () => {
    for (const { id } of MODELS) expect(errors({ model: id })).toEqual({});
    expect(errors({ model: " " })).toHaveProperty("model");
    expect(errors({ model: "some-gateway/claude" })).toHaveProperty("toolVersion");
    const form = { ...EMPTY, task: "x", model: " some-gateway/claude ", onePerTurn: true };
    for (const toolVersion of TOOL_VERSIONS) {
      const checked = checkForm({ ...form, toolVersion });
      if (!checked.ok) throw new Error("expected a request");
      expect(startSchema.parse(checked.request)).toMatchObject({
        model: "some-gateway/claude",
        toolVersion,
        onePerTurn: true,
      });
    }
  });

  it("offers a choice of tool versions where there is one, and forgets one that the model does not take", () => {
    expect(versionsFor("claude-opus-5-5")).toHaveLength(1);
    expect(versionsFor("claude-opus-5")).toHaveLength(2);
    expect(versionsFor("unknown")).toEqual(TOOL_VERSIONS);
    expect(versionsFor("")).toEqual([]);
    const older = { ...EMPTY, model: "claude-opus-5", toolVersion: "computer_20251124" } as const;
    expect(withModel(older, "claude-sonnet-5").toolVersion).toBe("computer_20251124");
    expect(withModel(older, "claude-opus-5-5").toolVersion).toBeNull();
  });

  it("puts main's words beside the field they name", () => {
    expect(errorsOf("limits.usd: must be positive")).toEqual({ usd: "must be positive" });
    expect(errorsOf("where.programs[0]: must not be empty")).toEqual({ where: "must not be empty" });
    expect(errorsOf("A session is open: end it first")).toEqual({ form: "A session is open: end it first" });
  });
});
