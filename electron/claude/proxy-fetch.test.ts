/** Requests through a proxy, over TLS: a real CONNECT proxy and a real certificate that nobody but the test trusts. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, turn } from "../practice/script.ts";
import { type PracticeServer, startPracticeServer } from "../practice/server.ts";
import { createConversation } from "./conversation.ts";
import { proxyFetch, proxyShown } from "./proxy-fetch.ts";
import { MAX_ATTEMPTS } from "./retry.ts";
import { depsFor, failed, finished, hooksFor, picture, setupFor } from "./test-support.ts";
import { HOST, startTlsWorld, type TlsWorld } from "./test-tls.ts";

let api: PracticeServer;
let world: TlsWorld;

beforeAll(async () => {
  api = await startPracticeServer({ script: () => turn(call("mouse_move", { coordinate: [4, 5] })) });
  world = await startTlsWorld(() => api.url);
});

afterAll(async () => {
  await api.close();
  world.close();
});

function through(env: Record<string, string>, baseUrl: string, trusted?: string) {
  const fetch = proxyFetch(env, trusted === undefined ? {} : { ca: trusted });
  const way = fetch === undefined ? {} : { fetch, proxy: proxyShown(env) };
  const claude = createConversation(setupFor(), { ...depsFor(baseUrl), ...way });
  claude.say({ kind: "task", text: "Go.", image: picture() });
  return claude;
}

describe("HTTPS_PROXY", () => {
  it("is the way to the API", async () => {
    world.answer(200);
    const outcome = await through({ HTTPS_PROXY: world.proxyUrl }, `https://${HOST}`, world.ca).turn(hooksFor());
    expect(finished(outcome).calls).toHaveLength(1);
    expect(world.asked.at(-1)).toBe(`${HOST}:443`);
  });

  it("says whose certificate is not trusted, and sends nothing", async () => {
    world.answer(200);
    const before = api.requests.length;
    const { error, attempts } = failed(
      await through({ HTTPS_PROXY: world.proxyUrl }, `https://${HOST}`).turn(hooksFor()),
    );
    expect(error.kind).toBe("network");
    expect(error.message).toMatch(
      /^The certificate is not trusted \(\w+\), so nothing was sent to https:\/\/api\.test, through the proxy 127/,
    );
    expect(attempts).toBe(MAX_ATTEMPTS);
    expect(api.requests).toHaveLength(before);
  });

  it.each([
    [407, "The proxy wants a name and a password, so nothing was sent to https://api.test"],
    [403, "The proxy refused (403), so nothing was sent to https://api.test"],
  ])("says that a proxy answered %i", async (status, words) => {
    world.answer(status);
    const { error } = failed(
      await through({ https_proxy: world.proxyUrl }, `https://${HOST}`, world.ca).turn(hooksFor()),
    );
    expect(error.message).toContain(words);
    expect(error.message).not.toContain("secret");
  });

  it("says that a proxy is not there", async () => {
    const { error } = failed(await through({ HTTPS_PROXY: "http://127.0.0.1:1" }, `https://${HOST}`).turn(hooksFor()));
    expect(error.message).toBe(`No server answers at https://${HOST}, through the proxy 127.0.0.1:1`);
  });

  it("is passed by for this machine, and for what NO_PROXY names", async () => {
    const before = world.asked.length;
    finished(await through({ HTTPS_PROXY: "http://127.0.0.1:1" }, api.url).turn(hooksFor()));
    failed(await through({ HTTPS_PROXY: world.proxyUrl, NO_PROXY: HOST }, `https://${HOST}`).turn(hooksFor()));
    expect(world.asked).toHaveLength(before);
  });

  it("changes nothing where it is not set", () => {
    expect(proxyFetch({})).toBeUndefined();
    expect(proxyFetch({ HTTPS_PROXY: "" })).toBeUndefined();
    expect(proxyShown({ HTTPS_PROXY: "http://a:b@proxy.example:8080/x" })).toBe("proxy.example:8080");
  });
});
