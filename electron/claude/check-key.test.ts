/** Every outcome of asking about a key told apart, against real servers on loopback. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { errorBody } from "../practice/api-error.ts";
import { PRACTICE_API_KEY, type PracticeServer, startPracticeServer } from "../practice/server.ts";
import { checkKey } from "./check-key.ts";

const MODEL = "claude-opus-5-5";
const SECRET = "marked-key-hunter2-0123456789";

const practice: PracticeServer[] = [];
const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(practice.splice(0).map((server) => server.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function practiceServer(): Promise<PracticeServer> {
  const server = await startPracticeServer({ script: [] });
  practice.push(server);
  return server;
}

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (status: number, body: string, type = "application/json"): RequestListener => {
  return (_request, response) => {
    response.writeHead(status, { "content-type": type });
    response.end(body);
  };
};
const refusing = (status: number, type: string) => answering(status, errorBody(type, "No.", "req_1"));

const ask = (baseUrl: string, more: Partial<Parameters<typeof checkKey>[0]> = {}) =>
  checkKey({ baseUrl, key: SECRET, model: MODEL, now: 0, ...more });

describe("against the practice server", () => {
  it("a good key is accepted, for the model, and no message is sent", async () => {
    const server = await practiceServer();
    expect(await ask(server.url, { key: PRACTICE_API_KEY })).toEqual({
      verdict: "accepted",
      message: `The API accepts this key, and it may use ${MODEL}.`,
      advice: null,
    });
    expect(server.requests).toEqual([]);
  });

  it("a wrong key is told from a model it may not use", async () => {
    const { url } = await practiceServer();
    expect(await ask(url)).toMatchObject({ verdict: "wrong_key", message: expect.stringContaining("not accepted") });
    const other = await ask(url, { key: PRACTICE_API_KEY, model: "claude-opus-9" });
    expect(other).toMatchObject({
      verdict: "no_access",
      message: "The API accepts this key, but not for claude-opus-9.",
    });
  });
});

describe("against other servers", () => {
  it.each<[string, RequestListener, string]>([
    ["401", refusing(401, "authentication_error"), "wrong_key"],
    ["402", refusing(402, "billing_error"), "no_access"],
    ["403", refusing(403, "permission_error"), "no_access"],
    ["404 in the API's words", refusing(404, "not_found_error"), "no_access"],
    ["404 of some other server", answering(404, "<h1>Not Found</h1>", "text/html"), "other_server"],
    ["404 in another API's words", answering(404, '{"detail":"Not Found"}'), "other_server"],
    ["429", refusing(429, "rate_limit_error"), "later"],
    ["500", refusing(500, "api_error"), "later"],
    ["529", refusing(529, "overloaded_error"), "later"],
    ["a page of a proxy", answering(200, "<h1>Log in to the network</h1>", "text/html"), "other_server"],
    ["some other JSON", answering(200, '{"object":"model","id":"gpt"}'), "other_server"],
    ["broken JSON", answering(200, "{"), "other_server"],
    ["a closed connection", (request) => request.socket.destroy(), "no_network"],
    ["silence", () => undefined, "no_network"],
  ])("%s", async (_, listener, verdict) => {
    const check = await ask(await serving(listener), { patienceMs: 300 });
    expect(check.verdict).toBe(verdict);
    expect(check.message.length).toBeGreaterThan(10);
    expect(check.advice ?? "").not.toBe("");
    expect(JSON.stringify(check)).not.toContain("hunter2");
  });

  it("nobody there, no such name, a certificate that is not trusted: each in its own words", async () => {
    const url = await serving(() => undefined);
    servers.splice(0).map((server) => server.close());
    expect(await ask(url)).toMatchObject({ verdict: "no_network", message: `No server answers at ${url}` });
    const failing = (code: string) => async () => {
      throw new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
    };
    const away = await ask("https://api.test", { fetch: failing("ENOTFOUND") });
    expect(away).toMatchObject({ verdict: "no_network", message: expect.stringContaining("can't be found") });
    const untrusted = await ask("https://api.test", { fetch: failing("DEPTH_ZERO_SELF_SIGNED_CERT") });
    expect(untrusted).toMatchObject({ verdict: "no_network", message: expect.stringContaining("not trusted") });
  });

  it("a server that repeats the key does not get it into the words", async () => {
    const url = await serving((request, response) => {
      response.writeHead(403, { "content-type": "application/json" });
      response.end(errorBody("permission_error", `${request.headers["x-api-key"]} may not`, "req_1"));
    });
    expect(JSON.stringify(await ask(url))).not.toContain("hunter2");
  });

  it.each([301, 302, 307, 308])(
    "a redirect (%i) is not followed: the key goes to its own address only",
    async (status) => {
      const heard: unknown[] = [];
      const elsewhere = await serving((request, response) => {
        heard.push(request.headers);
        answering(200, '{"type":"model","id":"x"}')(request, response);
      });
      const url = await serving((_request, response) => {
        response.writeHead(status, { location: `${elsewhere}/v1/models/${MODEL}` });
        response.end();
      });
      expect((await ask(url)).verdict).toBe("other_server");
      expect(heard).toEqual([]);
    },
  );
});
