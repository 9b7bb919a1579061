/** How requests leave this machine: to which address, by which key, through which proxy. */
import type { KeyCheck } from "../../shared/ipc-keys.ts";
import { DEFAULT_MODEL } from "../../shared/model.ts";
import { checkKey } from "../claude/check-key.ts";
import type { ConversationDeps } from "../claude/conversation.ts";
import { proxyFetch, proxyShown } from "../claude/proxy-fetch.ts";
import type { Api } from "../session/manager.ts";

export function conversationDeps(api: Api): ConversationDeps {
  return { apiKey: api.key, baseUrl: api.baseUrl, now: Date.now, sleep: sleepUntil, random: Math.random, ...wayOut() };
}

export async function askAboutKey(key: string, baseUrl: string | null): Promise<KeyCheck> {
  return await checkKey({ key, baseUrl, model: DEFAULT_MODEL, now: Date.now(), ...wayOut() });
}

/** Through a proxy, where the environment names one. */
function wayOut(): Pick<ConversationDeps, "fetch" | "proxy"> {
  const fetch = proxyFetch(process.env);
  return fetch === undefined ? {} : { fetch, proxy: proxyShown(process.env) };
}

function sleepUntil(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
