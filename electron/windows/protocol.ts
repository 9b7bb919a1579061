/** The window's pages and the pictures of the record, served from `app://countersign/`; nothing else, and no file: URLs. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { protocol, type Session } from "electron";

const HOST = "countersign";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** Has to run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/**
 * Serves `folder` (the built renderer) and stored pictures.
 * @param readPicture PNG bytes for a SHA-256, verified against it; null when there is none
 */
export function serveApp(
  session: Session,
  folder: string,
  readPicture: (sha256: string) => Promise<Uint8Array | null>,
): void {
  session.protocol.handle("app", async (request) => {
    const url = new URL(request.url);
    if (request.method !== "GET" || url.hostname !== HOST) return notFound();
    const hash = /^\/blob\/([0-9a-f]{64})$/.exec(url.pathname)?.[1];
    if (hash !== undefined) {
      const png = await readPicture(hash);
      return png === null
        ? notFound()
        : respond(new Uint8Array(png), "image/png", { "Cache-Control": "private, max-age=31536000, immutable" });
    }
    const path = normalize(join(folder, decodeURIComponent(url.pathname === "/" ? "/index.html" : url.pathname)));
    const type = TYPES[extname(path)];
    if (!path.startsWith(folder + sep) || type === undefined) return notFound();
    const bytes = await readFile(path).catch(() => null);
    if (bytes === null) return notFound();
    return extname(path) === ".html" ? page(bytes.toString("utf8")) : respond(bytes, type);
  });
}

/** The one page, with a Content-Security-Policy and a fresh nonce for the style elements the UI library adds. */
function page(html: string): Response {
  const nonce = randomBytes(16).toString("base64");
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    // Recorded pictures are fetched to be decoded and closed by hand; there is nothing else at this address.
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const type = TYPES[".html"] ?? "text/html";
  return respond(html.replaceAll("__CSP_NONCE__", nonce), type, { "Content-Security-Policy": policy });
}

function respond(body: string | Uint8Array<ArrayBuffer>, type: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { headers: { "Content-Type": type, "X-Content-Type-Options": "nosniff", ...headers } });
}

function notFound(): Response {
  return new Response("not found", { status: 404 });
}
