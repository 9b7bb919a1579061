/** The way to the API through a proxy, where the environment names one. */
import { EnvHttpProxyAgent, fetch as undiciFetch } from "undici";

type Environment = Readonly<Record<string, string | undefined>>;

/** Never through a proxy: this machine itself, where the practice server and gateways of the operator's own live. */
const OWN = ["localhost", "127.0.0.1", "[::1]", "::1"];

/** Node's own `fetch` asks no proxy, so with `HTTPS_PROXY` set requests need this one; undefined without it. */
export function proxyFetch(env: Environment, options: { readonly ca?: string } = {}): typeof fetch | undefined {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy;
  if (proxy === undefined || proxy === "") return undefined;
  const noProxy = [env.NO_PROXY ?? env.no_proxy ?? "", ...OWN].filter((each) => each !== "").join(",");
  const dispatcher = new EnvHttpProxyAgent({
    httpsProxy: proxy,
    httpProxy: proxy,
    noProxy,
    // The proxy ends idle connections when it likes; the API's own silence is watched elsewhere.
    bodyTimeout: 0,
    headersTimeout: 0,
    ...(options.ca === undefined ? {} : { requestTls: { ca: options.ca } }),
  });
  const through = (input: unknown, init: unknown) =>
    undiciFetch(input as Parameters<typeof undiciFetch>[0], { ...(init as object), dispatcher });
  return through as unknown as typeof fetch;
}

/** The proxy of the environment without its password, to be shown; null when there is none. */
export function proxyShown(env: Environment): string | null {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy ?? "";
  return URL.canParse(proxy) ? new URL(proxy).host : proxy === "" ? null : "a proxy whose address can't be read";
}
