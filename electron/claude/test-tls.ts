/** For tests: the practice server behind TLS, with a certificate that nobody but the test trusts, and a CONNECT proxy before it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request as httpRequest, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The name the certificate is for; only the proxy finds it. */
export const HOST = "api.test";

export type TlsWorld = {
  /** The certificate, to be trusted or not. */
  readonly ca: string;
  /** With a name and a password that must not be shown. */
  readonly proxyUrl: string;
  /** Straight to the TLS server, by an address that the certificate is not for. */
  readonly directUrl: string;
  /** What the proxy was asked to connect to. */
  readonly asked: readonly string[];
  /** What the proxy answers with from now on: 200 lets through. */
  readonly answer: (status: number) => void;
  readonly close: () => void;
};

/** @param apiUrl where the practice server is now: asked for each request */
export async function startTlsWorld(apiUrl: () => string): Promise<TlsWorld> {
  const dir = mkdtempSync(join(tmpdir(), "countersign-tls-"));
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const kind = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  const subject = ["-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST}`];
  execFileSync("openssl", [...kind, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
  const ca = readFileSync(cert, "utf8");
  const tls = createTlsServer({ key: readFileSync(key), cert: ca }, (request, response) => {
    const { port } = new URL(apiUrl());
    const { method, url, headers } = request;
    const onward = httpRequest({ host: "127.0.0.1", port, method, path: url, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    request.pipe(onward);
  });
  const tlsPort = await listening(tls);
  const asked: string[] = [];
  let status = 200;
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const onward = connect(tlsPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    return socket.on("error", () => onward.destroy());
  });
  const proxyPort = await listening(proxy);
  return {
    ca,
    proxyUrl: `http://someone:secret@127.0.0.1:${proxyPort}`,
    directUrl: `https://127.0.0.1:${tlsPort}`,
    asked,
    answer: (next) => {
      status = next;
    },
    close: () => {
      for (const server of [tls, proxy]) {
        server.closeAllConnections();
        server.close();
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
