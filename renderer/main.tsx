import "./jitless.ts";
import { createRoot } from "react-dom/client";
import type { CountersignApi } from "../shared/ipc.ts";
import { AppFrame } from "./frame/AppFrame.tsx";
import { createApp } from "./store/app-store.ts";
import { chime } from "./ui/chime.ts";

declare global {
  interface Window {
    /** The preload's verbs. */
    readonly countersign: CountersignApi;
  }
}

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no #root");
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
window.countersign.onChime(() => void chime());
createRoot(root).render(<AppFrame app={createApp(window.countersign)} nonce={nonce} />);
