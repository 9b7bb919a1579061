import { describe, expect, it } from "vitest";
import { startSchema } from "../../shared/ipc.ts";
import { checkForm, emptyForm, errorsOf, OFFERED_MODELS, type StartForm } from "./form.ts";

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
      effort: "high",
      where: { kind: "own", size: { w: 1280, h: 800 }, programs: ["mousepad a.txt", "xterm"] },
      mode: { kind: "ask", askAll: true },
      limits: { steps: 100, minutes: 7.5, usd: null },
    });
  });

  it("says what is wrong beside its field", () => {
    expect(errors({ task: " " })).toHaveProperty("task");
    expect(errors({ steps: "1.5" })).toEqual({ steps: "Must be a whole number." });
    expect(errors({ usd: "-1" })).toHaveProperty("usd");
    expect(errors({ minutes: "20000" })).toEqual({ minutes: "Must be at most 10,000." });
    expect(errors({ programs: "a\n".repeat(9) })).toHaveProperty("where");
    expect(errors({ mode: "watch" })).toEqual({});
  });

  it("offers only models with the tool version that is spoken", () => {
    expect(OFFERED_MODELS.length).toBeGreaterThan(0);
    for (const model of OFFERED_MODELS) expect(model.toolVersions[0]).toBe("computer_toolset_20260801");
    expect(emptyForm({ model: "unknown", programs: [] }).model).toBe(OFFERED_MODELS[0]?.id);
  });

  it("puts main's words beside the field they name", () => {
    expect(errorsOf("limits.usd: must be positive")).toEqual({ usd: "must be positive" });
    expect(errorsOf("where.programs[0]: must not be empty")).toEqual({ where: "must not be empty" });
    expect(errorsOf("A session is open: end it first")).toEqual({ form: "A session is open: end it first" });
  });
});
