import { join } from "node:path";
import log from "electron-log/main";

/** Anything that looks like a key, wherever it stands. */
const SECRETS = /sk-ant-[\w-]+|(x-api-key|authorization)["']?\s*[:=]\s*["']?[^\s"',}]+/gi;

/** Main's log: a file in the user data folder, readable by its owner, with keys taken out. No crash upload, no telemetry. */
export function openLog(userData: string): typeof log {
  log.transports.file.resolvePathFn = () => join(userData, "logs", "main.log");
  log.transports.file.level = "info";
  log.transports.file.writeOptions = { flag: "a", mode: 0o600, encoding: "utf8" };
  log.transports.console.level = "warn";
  log.hooks.push((message) => ({ ...message, data: message.data.map(redact) }));
  return log;
}

function redact(value: unknown): unknown {
  if (value instanceof Error)
    return `${value.name}: ${value.message}\n${value.stack ?? ""}`.replace(SECRETS, "[redacted]");
  return typeof value === "string" ? value.replace(SECRETS, "[redacted]") : value;
}
