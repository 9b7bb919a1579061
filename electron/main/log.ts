import { join } from "node:path";
import log from "electron-log/main";

/** Anything that looks like a key, wherever it stands. */
const SECRETS = /sk-ant-[\w-]+|(x-api-key|authorization)["']?\s*[:=]\s*["']?[^\s"',}]+/gi;

/**
 * Main's log: a file in the user data folder, readable by its owner, with keys taken out. No crash upload, no telemetry.
 * @param secrets the keys of this moment, whatever they look like
 */
export function openLog(userData: string, secrets: () => readonly string[]): typeof log {
  log.transports.file.resolvePathFn = () => join(userData, "logs", "main.log");
  log.transports.file.level = "info";
  log.transports.file.writeOptions = { flag: "a", mode: 0o600, encoding: "utf8" };
  log.transports.console.level = "warn";
  const clean = (text: string) =>
    secrets().reduce((now, secret) => now.replaceAll(secret, "[redacted]"), text.replace(SECRETS, "[redacted]"));
  const redact = (value: unknown) =>
    value instanceof Error
      ? clean(`${value.name}: ${value.message}\n${value.stack ?? ""}`)
      : typeof value === "string"
        ? clean(value)
        : value;
  log.hooks.push((message) => ({ ...message, data: message.data.map(redact) }));
  return log;
}
