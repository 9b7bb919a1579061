/** `--health`: what the Health page shows as plain text, before Electron is ready: without a window and without a display. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { app, systemPreferences } from "electron";
import { healthText, worstOf } from "../../shared/health.ts";
import type { HealthItem } from "../../shared/ipc-health.ts";
import type { KeyEntry, KeyList } from "../../shared/ipc-keys.ts";
import { DEFAULT_MODEL } from "../../shared/model.ts";
import { checkKey } from "../claude/check-key.ts";
import { proxyFetch, proxyShown } from "../claude/proxy-fetch.ts";
import { EXIT_BAD_FLAGS } from "../session/unattended.ts";
import { checkApiKey, checkBaseUrl } from "../settings/api-environment.ts";
import { parseFlags } from "../settings/flags.ts";
import { KEY_FILES } from "../settings/key-file.ts";
import { KeyRing, type KeyRingParts } from "../settings/key-ring.ts";
import { loadSettings } from "../settings/settings.ts";
import { takeApiKey } from "../settings/taken-key.ts";
import { debugProblem } from "./debug-ports.ts";
import { lookAround } from "./health.ts";
import { noSandboxProblem } from "./sandbox.ts";

/** Prints the list and ends the process: 0 when nothing has to be done, 1 when something has, 6 for bad flags. */
export async function runHealth(argv: readonly string[]): Promise<void> {
  let given: Given;
  try {
    given = readGiven(argv);
  } catch (error) {
    await written(process.stderr, error instanceof Error ? error.message : String(error));
    return app.exit(EXIT_BAD_FLAGS);
  }
  const items = await itemsFor(given);
  await written(process.stdout, healthText(items));
  app.exit(worstOf(items) === "bad" ? 1 : 0);
}

type Given = { readonly folder: string; readonly environment: KeyRingParts["environment"] };

const hasSwitch = (name: string) => app.commandLine.hasSwitch(name);

/** Flags and environment; throws in words where the app itself would not start. */
function readGiven(argv: readonly string[]): Given {
  const key = takeApiKey(process.env);
  const { userDataDir } = parseFlags(argv);
  const baseUrl = checkBaseUrl(process.env.ANTHROPIC_BASE_URL);
  checkApiKey(key);
  const sandbox = noSandboxProblem(hasSwitch, process.getuid?.());
  if (sandbox !== null) throw new Error(sandbox);
  app.setName("Countersign");
  return { folder: userDataDir ?? app.getPath("userData"), environment: { key, baseUrl } };
}

async function itemsFor({ folder, environment }: Given): Promise<readonly HealthItem[]> {
  return await lookAround({
    env: process.env,
    platform: process.platform,
    folder,
    preferences: systemPreferences,
    keys: await environmentKey(folder, environment),
    sealedKeys: KEY_FILES.some((name) => existsSync(join(folder, name))),
    settingsProblems: loadSettings(join(folder, "settings.json")).problems,
    sandboxed: !hasSwitch("no-sandbox"),
    startProblem: debugProblem(app.isPackaged, hasSwitch),
  });
}

/** The environment's key, asked about: no keychain can be opened before Electron is ready. */
async function environmentKey(dir: string, environment: Given["environment"]): Promise<KeyList> {
  const none = () => {
    throw new Error("there is no keychain before Electron is ready");
  };
  const keychain = { available: () => false, encrypt: none, decrypt: none };
  const ring = new KeyRing({ dir, keychain, environment, newId: none });
  const now = ring.current();
  if (now === null) return { entries: [], chosen: null, keychain: null };
  const fetch = proxyFetch(process.env);
  const way = fetch === undefined ? {} : { fetch, proxy: proxyShown(process.env) };
  const check = await checkKey({
    key: now.key,
    baseUrl: environment.baseUrl,
    model: DEFAULT_MODEL,
    now: Date.now(),
    ...way,
  });
  const entries = ring.entries().map((entry): KeyEntry => ({ ...entry, check }));
  return { entries, chosen: now.id, keychain: null };
}

function written(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((done) => void stream.write(`${text}\n`, () => done()));
}
