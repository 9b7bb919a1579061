import { RetentionForm } from "./RetentionForm.tsx";

/** The question that has to be answered once before anything of the record is ever deleted. */
export function RetentionQuestion() {
  return (
    <section className="panel" aria-labelledby="retention-question">
      <h3 id="retention-question">How long should recorded sessions stay?</h3>
      <p className="dim">
        Every session is recorded on this machine, pictures included. Nothing is deleted before you answer; Settings
        changes it later.
      </p>
      <RetentionForm retention={null} />
    </section>
  );
}
