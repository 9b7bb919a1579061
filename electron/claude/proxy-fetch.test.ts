/** Requests through a proxy, over TLS: a real CONNECT proxy and a real certificate that nobody but the test trusts. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request as httpRequest, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, turn } from "../practice/script.ts";
import { type PracticeServer, startPracticeServer } from "../practice/server.ts";
import { createConversation } from "./conversation.ts";
import { proxyFetch, proxyShown } from "./proxy-fetch.ts";
import { MAX_ATTEMPTS } from "./retry.ts";
import { depsFor, failed, finished, hooksFor, picture, setupFor } from "./test-support.ts";

const dir = mkdtempSync(join(tmpdir(), "countersign-tls-"));
const HOST = "api.test";
let ca = "";
let api: PracticeServer;
let tls: Server;
let proxy: Server;
let proxyUrl = "";
/** What the proxy was asked to connect to, and what it answers with. */
const asked: string[] = [];
let answer = 200;

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

beforeAll(async () => {
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const subject = ["-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST}`];
  const made = [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    key,
    "-out",
    cert,
    "-days",
    "2",
    ...subject,
  ];
  execFileSync("openssl", made, { stdio: "ignore" });
  ca = readFileSync(cert, "utf8");
  api = await startPracticeServer({ script: () => turn(call("mouse_move", { coordinate: [4, 5] })) });
  const { port } = new URL(api.url);
  tls = createTlsServer({ key: readFileSync(key), cert: ca }, (request, response) => {
    const { method, url, headers } = request;
    const onward = httpRequest({ host: "127.0.0.1", port, method, path: url, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    request.pipe(onward);
  });
  const tlsPort = await listening(tls);
  proxy = createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    if (answer !== 200) return socket.end(`HTTP/1.1 ${answer} No\r\n\r\n`);
    const onward = connect(tlsPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    return socket.on("error", () => onward.destroy());
  });
  proxyUrl = `http://someone:secret@127.0.0.1:${await listening(proxy)}`;
});

afterAll(async () => {
  await api.close();
  for (const server of [tls, proxy]) server.closeAllConnections();
  for (const server of [tls, proxy]) server.close();
  rmSync(dir, { recursive: true, force: true });
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
    answer = 200;
    const outcome = await through({ HTTPS_PROXY: proxyUrl }, `https://${HOST}`, ca).turn(hooksFor());
    expect(finished(outcome).calls).toHaveLength(1);
    expect(asked.at(-1)).toBe(`${HOST}:443`);
  });

  it("says whose certificate is not trusted, and sends nothing", async () => {
    answer = 200;
    const before = api.requests.length;
    const { error, attempts } = failed(await through({ HTTPS_PROXY: proxyUrl }, `https://${HOST}`).turn(hooksFor()));
    expect(error.kind).toBe("network");
    expect(error.message).toMatch(
      /^The certificate is not trusted \(\w+\): https:\/\/api\.test, through the proxy 127/,
    );
    expect(attempts).toBe(MAX_ATTEMPTS);
    expect(api.requests).toHaveLength(before);
  });

  it.each([
    [407, "The proxy asks for a name and a password: https://api.test"],
    [403, "The proxy refused the way (403): https://api.test"],
  ])("says that a proxy answered %i", async (status, words) => {
    answer = status;
    const { error } = failed(await through({ https_proxy: proxyUrl }, `https://${HOST}`, ca).turn(hooksFor()));
    expect(error.message).toContain(words);
    expect(error.message).not.toContain("secret");
  });

  it("says that a proxy is not there", async () => {
    const { error } = failed(await through({ HTTPS_PROXY: "http://127.0.0.1:1" }, `https://${HOST}`).turn(hooksFor()));
    expect(error.message).toBe(`No server answers at https://${HOST}, through the proxy 127.0.0.1:1`);
  });

  it("is passed by for this machine, and for what NO_PROXY names", async () => {
    const before = asked.length;
    finished(await through({ HTTPS_PROXY: "http://127.0.0.1:1" }, api.url).turn(hooksFor()));
    failed(await through({ HTTPS_PROXY: proxyUrl, NO_PROXY: HOST }, `https://${HOST}`).turn(hooksFor()));
    expect(asked).toHaveLength(before);
  });

  it("changes nothing where it is not set", () => {
    expect(proxyFetch({})).toBeUndefined();
    expect(proxyFetch({ HTTPS_PROXY: "" })).toBeUndefined();
    expect(proxyShown({ HTTPS_PROXY: "http://a:b@proxy.example:8080/x" })).toBe("proxy.example:8080");
  });
});
