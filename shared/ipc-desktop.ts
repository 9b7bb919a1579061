/** The channel on which the start view asks what a desktop of Claude's own can be given here. */
import { z } from "zod";

export const DESKTOP_REQUESTS = {
  /** Looked up anew each time: programs and homes come and go. */
  "desktop.offer": z.undefined(),
} as const;

/** A program with a menu entry. */
export type InstalledProgram = {
  /** The entry's id (`org.xfce.mousepad.desktop`), unique. */
  readonly id: string;
  /** In the operator's language, like `comment`. */
  readonly name: string;
  readonly comment: string;
  /** How it is started, as a line of the field Programs. */
  readonly command: string;
};

export type DesktopOffer = {
  /** In the order of their names. */
  readonly programs: readonly InstalledProgram[];
  /** The names of homes that were kept. */
  readonly homes: readonly string[];
  /** The operator's own home folder. */
  readonly ownHome: string;
  /** Whether programs are confined unless the operator chooses otherwise. */
  readonly confine: boolean;
  /** Why programs can't be confined here, and what to do; null when they can. */
  readonly confineProblem: string | null;
  /** Why they can't have a network of their own here, and what to do; null when they can. */
  readonly networkProblem: string | null;
};

export type DesktopReplies = { "desktop.offer": DesktopOffer };
