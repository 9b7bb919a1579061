/** What the operator changes in what may pass by itself, while the session runs. */
import type { LeaseVerb } from "../../shared/ipc-policy.ts";
import type { Rule } from "../../shared/policy/format.ts";
import { isOver } from "../../shared/session-view.ts";
import type { AutoApproval } from "../gate/auto-approval.ts";
import type { Recorder } from "./recorder.ts";
import { ENDED, OK, type Reply, replyOf } from "./reply.ts";

export class TrustChanges {
  readonly #recorder: Recorder;
  readonly #trust: AutoApproval;
  /** Rules added while a batch runs: they count from the next turn. */
  #newRules: Rule[] = [];
  #inBatch = false;

  constructor(recorder: Recorder, trust: AutoApproval) {
    this.#recorder = recorder;
    this.#trust = trust;
  }

  /** One click on the lease. Nothing of it while an action runs. */
  lease(verb: LeaseVerb): Reply {
    return replyOf(this.#whyNot() ?? this.#trust.lease(verb));
  }

  /** Adds a rule to this session: at once, or with Claude's next turn while a batch runs. */
  addRule(rule: Rule): Reply {
    if (this.#newRules.some(({ id }) => id === rule.id)) return replyOf(`There is a rule "${rule.id}" already.`);
    const why = this.#whyNot();
    if (why !== null) return replyOf(why);
    if (!this.#inBatch) return replyOf(this.#trust.addRule(rule));
    this.#newRules.push(rule);
    return OK;
  }

  batchBegins(): void {
    this.#inBatch = true;
  }

  batchEnds(): void {
    this.#inBatch = false;
    for (const rule of this.#newRules.splice(0)) this.#trust.addRule(rule);
  }

  #whyNot(): string | null {
    const { phase } = this.#recorder.view;
    if (isOver(phase)) return ENDED.error;
    return phase.kind === "executing" ? "An action is running; wait until it is done." : null;
  }
}
