import { readFileSync } from "node:fs";
import { app } from "electron";
import { x } from "../../electron/session/control.ts";
import "@mantine/core/styles.css";
import { MantineProvider } from "@mantine/core";
import { test } from "vitest";
export const A = () => <MantineProvider>{app}{readFileSync}{x}{test}</MantineProvider>;
