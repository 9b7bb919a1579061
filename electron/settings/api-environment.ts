/** What the environment says of the API: checked before anything starts. */
import { apiKeySchema } from "../../shared/ipc-keys.ts";

/**
 * Checks the API key of the environment. What it is is never repeated in the error.
 * @throws Error in words that name the variable
 */
export function checkApiKey(value: string | undefined): void {
  if (value === undefined || value.trim() === "") return;
  if (!apiKeySchema.safeParse(value).success) {
    throw new Error("ANTHROPIC_API_KEY: must be one word without spaces or line ends");
  }
}

/**
 * Checks an API's base URL: https, or plain http on loopback only. Returns it as it was understood, without a slash at
 * its end, or null for "the default one". What may be a password is never repeated in the error.
 * @param field where it was given, for the words
 * @throws Error in words that name the field
 */
export function checkBaseUrl(value: string | undefined, field = "ANTHROPIC_BASE_URL"): string | null {
  if (value === undefined || value.trim() === "") return null;
  const shown = value.includes("@") ? "its value" : `"${value.trim()}"`;
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new Error(`${field}: ${shown} is not a URL`);
  }
  if (url.username !== "" || url.password !== "") throw new Error(`${field}: must not carry a user name or password`);
  if (url.search !== "" || url.hash !== "")
    throw new Error(`${field}: must not carry a query (?...) or a fragment (#...)`);
  const loopback = url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d+){3}$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    throw new Error(`${field}: ${shown} must be https (plain http works only on this machine)`);
  }
  const clean = `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  return clean === "https://api.anthropic.com" ? null : clean;
}
