import type { AppInfo } from "../../shared/ipc.ts";

/** What the app does, and what leaves the machine: the first thing anybody reads. */
export function About({ info }: { readonly info: AppInfo }) {
  return (
    <div className="about">
      <section className="panel" aria-labelledby="about-does">
        <h3 id="about-does">What it does</h3>
        <ol className="about-steps">
          <li>You say what should be done, and where.</li>
          <li>Claude looks at the screen and proposes one action after another: a click, a key, some text.</li>
          <li>
            You see each one drawn on the picture Claude saw. You approve it, change it, refuse it, or do it yourself.
          </li>
          <li>Only then does it run, once, exactly as shown. You can stop it in the middle of a word.</li>
        </ol>
      </section>
      <section className="panel" aria-labelledby="about-leaves">
        <h3 id="about-leaves">What leaves this machine</h3>
        <p>
          To {info.baseUrl === null ? "the Claude API" : <span className="mono">{info.baseUrl}</span>} go your task,
          your notes and replies, and screenshots of the desktop Claude works on. Nothing else goes anywhere: no
          telemetry, no crash reports.
        </p>
        <p className="dim">
          Every session is recorded here, on this machine only, pictures included. Programs that Claude starts run as
          you: they can read your files and use your network.
        </p>
      </section>
    </div>
  );
}
