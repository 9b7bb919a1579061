import type { AppInfo } from "../../shared/ipc.ts";
import { CheckNotice } from "../keys/CheckNotice.tsx";
import { KeyForm } from "../keys/KeyForm.tsx";
import { keyInUse, keyWords } from "../keys/words.ts";
import { PracticeOffer } from "../start/PracticeOffer.tsx";
import { useVerbs } from "../store/use-app.ts";

/** The key: entered and checked here, or what is known of the one in use. And the practice session, which needs none. */
export function KeyStep({ info }: { readonly info: AppInfo }) {
  const { go } = useVerbs();
  const used = keyInUse(info.keys);
  return (
    <section className="panel" aria-labelledby="key-step">
      <h3 id="key-step">API key</h3>
      {info.keys.entries.length === 0 ? (
        <>
          <p className="dim">
            You get one in the Claude Console, platform.claude.com. The API is asked whether it is good, which costs
            nothing.{" "}
            {info.keys.keychain === false
              ? "This system has no keychain that can keep it, so it stays in memory until the app ends."
              : "It is stored in this system's keychain."}
          </p>
          <KeyForm />
        </>
      ) : (
        <>
          <p>{keyWords(info.keys)}</p>
          {used === null || used.check === null ? null : <CheckNotice check={used.check} />}
          <div>
            <button type="button" className="link-button" onClick={() => go("settings")}>
              Check it, or add others, in Settings
            </button>
          </div>
        </>
      )}
      <PracticeOffer info={info} />
    </section>
  );
}
