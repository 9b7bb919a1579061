/**
 * When nothing gets through at all, in each tool version: real refusals of real sockets, what the operator is told, and that
 * the same conversation goes on once there is a way.
 */

import { Agent, fetch as undiciFetch } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { TOOL_VERSIONS } from "../../shared/model.ts";
import { call, httpFault, thinking, turn } from "../practice/script.ts";
import { type PracticeServer, startPracticeServer } from "../practice/server.ts";
import { createConversation } from "./conversation.ts";
import { proxyFetch, proxyShown } from "./proxy-fetch.ts";
import { MAX_ATTEMPTS } from "./retry.ts";
import { depsFor, failed, finished, hooksFor, picture, quickClock, setupOf } from "./test-support.ts";
import { HOST, startTlsWorld, type TlsWorld } from "./test-tls.ts";

const GOOD = turn(thinking("A form."), call("mouse_move", { coordinate: [4, 5] }));

let world: TlsWorld;
let api: PracticeServer;
/** Where nobody listens any more. */
let closed = "";
beforeAll(async () => {
  const gone = await startPracticeServer({ script: [] });
  await gone.close();
  closed = gone.url;
  world = await startTlsWorld(() => api.url);
});
afterAll(() => world.close());
afterEach(async () => {
  world.answer(200);
  await api.close();
});

/** One way to the API, and another. */
type Way = {
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  readonly proxy?: string | null;
};

/** A name that nobody knows, as the resolver says it. */
const unknownName = (): Way => {
  const lookup = (name: string, _options: unknown, done: (error: Error) => void) =>
    done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND" }));
  const dispatcher = new Agent({ connect: { lookup: lookup as never } });
  const through = (input: unknown, init: unknown) => undiciFetch(input as never, { ...(init as object), dispatcher });
  return { baseUrl: "https://api.nowhere.test", fetch: through as unknown as typeof fetch };
};
const byProxy = (env: Record<string, string>, ca?: string): Way => ({
  baseUrl: `https://${HOST}`,
  fetch: proxyFetch(env, ca === undefined ? {} : { ca }) as typeof fetch,
  proxy: proxyShown(env),
});

describe.each(TOOL_VERSIONS)("%s", (version) => {
  it.each<[name: string, way: () => Way, says: RegExp]>([
    ["a refused connection", () => ({ baseUrl: closed }), /^No server answers at http:\/\/127\.0\.0\.1:\d+$/],
    ["a name nobody knows", unknownName, /^The address can't be found: https:\/\/api\.nowhere\.test$/],
    [
      "a certificate nobody trusts",
      () => ({ baseUrl: world.directUrl }),
      /^The certificate is not trusted \(\w+\), so nothing was sent to /,
    ],
    [
      "a proxy that is not there",
      () => byProxy({ HTTPS_PROXY: closed }),
      /^No server answers at .*, through the proxy/,
    ],
    [
      "a proxy that wants a password",
      () => {
        world.answer(407);
        return byProxy({ HTTPS_PROXY: world.proxyUrl }, world.ca);
      },
      /^The proxy wants a name and a password, so nothing was sent to /,
    ],
  ])("%s: said, retried, given up, and gone on with", async (_, wayOf, says) => {
    api = await startPracticeServer({ script: [GOOD] });
    const way = wayOf();
    let open = false;
    const clock = quickClock();
    // The same conversation, once the way it has is open: what it goes through is asked at each attempt.
    const reach = ((input: string, init: RequestInit) => {
      if (open) return fetch(String(input).replace(way.baseUrl, api.url), init);
      return (way.fetch ?? fetch)(input, init);
    }) as typeof fetch;
    const deps = { ...depsFor(way.baseUrl, clock), fetch: reach, proxy: way.proxy ?? null };
    const claude = createConversation(setupOf(version), deps);
    claude.say({ kind: "task", text: "Go.", image: picture() });
    const hooks = hooksFor();
    const { error, attempts } = failed(await claude.turn(hooks));
    expect([error.kind, error.status, attempts]).toEqual(["network", null, MAX_ATTEMPTS]);
    expect(error.message).toMatch(says);
    expect(error.advice).toMatch(/HTTPS_PROXY|whoever runs the network/);
    expect(error.message + error.advice).not.toContain("secret");
    expect(hooks.retries).toHaveLength(MAX_ATTEMPTS - 1);
    expect(api.requests).toEqual([]);
    open = true;
    expect(finished(await claude.turn(hooksFor())).calls).toHaveLength(1);
    expect(api.requests.at(-1)).toMatchObject({ status: 200, error: null });
  });

  it("the proxy of the environment is the way, retries too", async () => {
    api = await startPracticeServer({ script: [httpFault(529, "overloaded_error", "Overloaded"), GOOD] });
    const { baseUrl, ...way } = byProxy({ HTTPS_PROXY: world.proxyUrl }, world.ca);
    const before = world.asked.length;
    const claude = createConversation(setupOf(version), { ...depsFor(baseUrl, quickClock()), ...way });
    claude.say({ kind: "task", text: "Go.", image: picture() });
    expect(finished(await claude.turn(hooksFor())).calls).toHaveLength(1);
    expect(world.asked.length).toBeGreaterThan(before);
    expect(api.requests.map(({ status }) => status)).toEqual([529, 200]);
  });
});
