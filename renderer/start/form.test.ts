import { describe, expect, it } from "vitest";
import { startSchema } from "../../shared/ipc.ts";
import { MODELS, TOOL_VERSIONS } from "../../shared/model.ts";
import { checkForm, emptyForm, errorsOf, type StartForm, versionsFor, withModel, withProgram } from "./form.ts";

const EMPTY = emptyForm({ model: "claude-opus-5-5", programs: ["mousepad"] });

const HERE = { confine: true, confineProblem: null, networkProblem: null };

function errors(change: Partial<StartForm>) {
  const checked = checkForm({ ...EMPTY, task: "Write a note", ...change }, HERE);
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
    const checked = checkForm(form, HERE);
    if (!checked.ok) throw new Error("expected a request");
    expect(startSchema.parse(checked.request)).toEqual({
      task: "Write a note",
      model: "claude-opus-5-5",
      toolVersion: null,
      effort: "high",
      onePerTurn: false,
      where: {
        ...{ kind: "own", size: { w: 1280, h: 800 }, programs: ["mousepad a.txt", "xterm"] },
        ...{ home: { kind: "fresh" }, confined: { folders: [], network: "own" } },
      },
      mode: { kind: "ask", askAll: true },
      limits: { steps: 100, minutes: 7.5, usd: null },
    });
  });

  it("asks for this desktop, where no programs are opened", () => {
    const checked = checkForm({ ...EMPTY, task: "x", where: "this", monitor: "DP-1", programs: "a\n".repeat(9) }, HERE);
    if (!checked.ok) throw new Error("expected a request");
    expect(startSchema.parse(checked.request).where).toEqual({ kind: "this", monitor: "DP-1" });
  });

  it("confines where this machine can, unless the operator or the command line says otherwise", () => {
    const confined = (change: Partial<StartForm>, here = {}) => {
      const checked = checkForm({ ...EMPTY, task: "x", ...change }, { ...HERE, ...here });
      return checked.ok && checked.request.where.kind === "own" ? checked.request.where.confined : undefined;
    };
    expect(confined({})).toEqual({ folders: [], network: "own" });
    expect(confined({}, { networkProblem: "no slirp4netns" })).toEqual({ folders: [], network: "off" });
    expect(confined({ network: "shared" })?.network).toBe("shared");
    expect(confined({ confine: false })).toBeNull();
    expect(confined({}, { confineProblem: "no bwrap" })).toBeNull();
    expect(confined({}, { confine: false })).toBeNull();
    expect(confined({ confine: true }, { confine: false })).not.toBeNull();
    const folders = [
      { id: 1, path: " /srv/notes ", writable: true },
      { id: 2, path: " ", writable: false },
    ];
    expect(confined({ folders })?.folders).toEqual([{ path: "/srv/notes", writable: true }]);
  });

  it("takes another size, and adds a program on a line of its own", () => {
    const checked = checkForm({ ...EMPTY, task: "x", size: "1600 × 900" }, HERE);
    expect(checked).toMatchObject({ request: { where: { size: { w: 1600, h: 900 } } } });
    expect(withProgram({ ...EMPTY, programs: "a\n" }, "b c").programs).toBe("a\nb c");
    expect(withProgram({ ...EMPTY, programs: "" }, "b").programs).toBe("b");
  });

  it("says what is wrong beside its field", () => {
    expect(errors({ task: " " })).toHaveProperty("task");
    expect(errors({ steps: "1.5" })).toEqual({ steps: "Must be a whole number." });
    expect(errors({ usd: "-1" })).toHaveProperty("usd");
    expect(errors({ minutes: "20000" })).toEqual({ minutes: "Must be at most 10,000." });
    expect(errors({ programs: "a\n".repeat(9) })).toHaveProperty("programs");
    expect(errors({ size: "600x400" })).toHaveProperty("size");
    expect(errors({ home: "kept", homeName: "../x" })).toHaveProperty("home");
    expect(errors({ folders: [{ id: 1, path: "notes", writable: false }] })).toHaveProperty("folders");
    expect(errors({ mode: "watch" })).toEqual({});
  });

  it("lets every model of the table start, and one that is not in it once its tool version is chosen", () => {
    for (const { id } of MODELS) expect(errors({ model: id })).toEqual({});
    expect(errors({ model: " " })).toHaveProperty("model");
    expect(errors({ model: "some-gateway/claude" })).toHaveProperty("toolVersion");
    const form = { ...EMPTY, task: "x", model: " some-gateway/claude ", onePerTurn: true };
    for (const toolVersion of TOOL_VERSIONS) {
      const checked = checkForm({ ...form, toolVersion }, HERE);
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
    expect(errorsOf("where.programs[0]: must not be empty")).toEqual({ programs: "must not be empty" });
    expect(errorsOf("A session is open: end it first")).toEqual({ form: "A session is open: end it first" });
  });
});
