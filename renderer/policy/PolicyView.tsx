import { MODES } from "../start/ModeField.tsx";

/** What decides today which actions wait. Rules of one's own come in a file. */
export function PolicyView() {
  return (
    <div className="page">
      <div className="page-inner">
        <h2>Policy</h2>
        <p>
          A session runs in the mode you choose when you start it. The main process applies it; this window can't loosen
          it.
        </p>
        <div className="panel">
          <dl className="modes">
            {MODES.map((mode) => (
              <div key={mode.value}>
                <dt>
                  <strong>{mode.label}</strong>
                </dt>
                <dd>{mode.words}</dd>
              </div>
            ))}
          </dl>
          <p className="dim">
            Looking is <span className="mono">screenshot</span>, <span className="mono">zoom</span>,{" "}
            <span className="mono">cursor_position</span> and <span className="mono">wait</span>. In Ask, the box “Ask
            before looking, too” makes these wait as well.
          </p>
          <p className="dim">Each step's record says what let it through or stopped it.</p>
        </div>
      </div>
    </div>
  );
}
