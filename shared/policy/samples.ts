/** Policies to begin with. Each is run in a test as it stands here, and explained in docs/POLICY.md. */
import type { Policy, Rule } from "./format.ts";

const LOOK: Rule = { id: "look", effect: "allow", actions: ["screenshot", "zoom", "cursor_position", "wait"] };
const LEAVE: Rule = {
  id: "leave",
  effect: "deny",
  keys: ["super+*", "ctrl+alt+*", "alt+Tab"],
  reason: "Leaves the task",
};

export type Sample = { readonly name: string; readonly about: string; readonly policy: Policy };

export const SAMPLES: readonly Sample[] = [
  {
    name: "Reading a screen",
    about: "Claude looks, scrolls and moves the mouse; everything else waits for you.",
    policy: {
      version: 1,
      name: "Reading a screen",
      rules: [LOOK, { id: "read", effect: "allow", actions: ["scroll", "mouse_move"] }, LEAVE],
      lease: { actions: 200, minutes: 30 },
    },
  },
  {
    name: "Filling a form in one program",
    about: "Claude clicks, scrolls and types one line at a time in one program; Enter, saving and other programs wait.",
    policy: {
      version: 1,
      name: "Filling a form in one program",
      rules: [
        LOOK,
        {
          id: "point",
          effect: "allow",
          actions: ["left_click", "double_click", "triple_click", "scroll"],
          app: ["mousepad"],
          risk: "ordinary",
        },
        { id: "write", effect: "allow", actions: ["type"], app: ["mousepad"], text: "[^\\n]{0,200}", risk: "ordinary" },
        {
          id: "step",
          effect: "allow",
          actions: ["key"],
          app: ["mousepad"],
          keys: ["Tab", "shift+Tab", "Home", "End", "Down", "Up"],
        },
        LEAVE,
      ],
      lease: { actions: 100, minutes: 15, consecutive: 50 },
    },
  },
  {
    name: "Testing a web page",
    about: "Claude clicks, scrolls and types in a browser window of your page; its address bar and dialogs wait.",
    policy: {
      version: 1,
      name: "Testing a web page",
      rules: [
        LOOK,
        {
          id: "page",
          effect: "allow",
          actions: ["left_click", "double_click", "scroll", "mouse_move"],
          app: ["firefox*", "chromium*", "google-chrome"],
          window: "*My page*",
          region: { space: "window", rect: [0, 120, 4000, 4000] },
          risk: "ordinary",
        },
        {
          id: "fill",
          effect: "allow",
          actions: ["type"],
          app: ["firefox*", "chromium*", "google-chrome"],
          window: "*My page*",
          text: "[^\\n]{0,200}",
        },
        {
          id: "keys",
          effect: "allow",
          actions: ["key"],
          app: ["firefox*", "chromium*", "google-chrome"],
          window: "*My page*",
          keys: ["Tab", "shift+Tab", "Page_Down", "Page_Up"],
        },
        {
          id: "address",
          effect: "deny",
          keys: ["ctrl+l", "ctrl+t", "ctrl+n", "F12"],
          reason: "Leaves the page under test",
        },
        LEAVE,
      ],
      lease: { actions: 150, minutes: 20, costUsd: 2 },
    },
  },
];
