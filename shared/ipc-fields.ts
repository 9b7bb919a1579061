/** Fields that several channels' requests have. */
import { z } from "zod";

export const sessionId = z.string().regex(/^[0-9a-z-]{8,40}$/, { error: "expected a session id" });
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, { error: "expected a SHA-256" });
/** A proposal's id, which is its step's too: `<turn>.<index>`. */
export const proposalId = z.string().regex(/^\d{1,6}\.\d{1,4}$/, { error: "expected a proposal's id such as 3.0" });

/** The operator's own words. Halves of surrogate pairs (a cut-off emoji) become U+FFFD: the record can't hold them. */
export const said = (max: number) =>
  z
    .string()
    .trim()
    .min(1, { error: "must not be empty" })
    .max(max)
    .overwrite((text) => text.toWellFormed());
