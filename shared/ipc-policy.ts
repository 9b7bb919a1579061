/** The channels about policies: the stored ones, what is added to a running session, back-tests. */
import { z } from "zod";
import { sessionId } from "./ipc-fields.ts";
import type { Backtest, SessionFigures } from "./policy/backtest.ts";
import { type Policy, policySchema, type Rule, ruleSchema } from "./policy/format.ts";

/** A stored policy's file name without `.json`. */
const policyId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/, { error: "expected a stored policy's id" });

export const LEASE_VERBS = ["extend", "narrow", "suspend"] as const;
export type LeaseVerb = (typeof LEASE_VERBS)[number];

export const POLICY_REQUESTS = {
  /** One click on the lease of a running session. */
  "session.lease": z.strictObject({ session: sessionId, verb: z.enum(LEASE_VERBS) }),
  /** Adds a rule to a running session: from Claude's next turn on while a batch runs. */
  "session.addRule": z.strictObject({ session: sessionId, rule: ruleSchema }),
  "policy.list": z.undefined(),
  /** Stores a policy: over the one with this id, or as a new one (null). */
  "policy.save": z.strictObject({ id: policyId.nullable(), policy: policySchema }),
  "policy.delete": z.strictObject({ id: policyId }),
  /** Asks the operator for a file and reads it; stores nothing. */
  "policy.import": z.undefined(),
  /** Asks the operator where to write a policy. */
  "policy.export": z.strictObject({ policy: policySchema }),
  /** Runs a policy over the steps of these sessions; null for all there are. */
  "policy.backtest": z.strictObject({ policy: policySchema, sessions: z.array(sessionId).max(10_000).nullable() }),
  /** How sessions under a policy of this name went, the oldest first. */
  "policy.figures": z.strictObject({ name: z.string().max(80) }),
} as const;

export type StoredPolicy = { readonly id: string; readonly policy: Policy };

export type PolicyList = {
  readonly policies: readonly StoredPolicy[];
  /** Files that do not load, and why. */
  readonly broken: readonly { readonly file: string; readonly error: string }[];
};

type Failed = { readonly ok: false; readonly error: string };
export type Saved = { readonly ok: true; readonly id: string } | Failed;
/** `policy` is null when the operator chose no file. */
export type Imported = { readonly ok: true; readonly policy: Policy | null } | Failed;
/** `file` is null when the operator chose none. */
export type Exported = { readonly ok: true; readonly file: string | null } | Failed;
type Done = { readonly ok: true } | Failed;

export type PolicyReplies = {
  "session.lease": Done;
  "session.addRule": Done;
  "policy.list": PolicyList;
  "policy.save": Saved;
  "policy.delete": Done;
  "policy.import": Imported;
  "policy.export": Exported;
  "policy.backtest": Backtest;
  "policy.figures": readonly SessionFigures[];
};

/** The window's verbs about policies. */
export type PolicyApi = {
  lease(session: string, verb: LeaseVerb): Promise<Done>;
  addRule(session: string, rule: Rule): Promise<Done>;
  list(): Promise<PolicyList>;
  save(id: string | null, policy: Policy): Promise<Saved>;
  delete(id: string): Promise<Done>;
  importFile(): Promise<Imported>;
  exportFile(policy: Policy): Promise<Exported>;
  backtest(policy: Policy, sessions: readonly string[] | null): Promise<Backtest>;
  figures(name: string): Promise<readonly SessionFigures[]>;
};
