import { Button } from "@mantine/core";
import { useState } from "react";
import type { AppInfo } from "../../shared/ipc.ts";
import { useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";

/** The way to try the app without a key. */
export function PracticeOffer({ info }: { readonly info: AppInfo }) {
  const { practice } = useVerbs();
  const [error, setError] = useState<string | null>(null);
  const tryPractice = async () => {
    const outcome = await practice();
    setError(outcome.ok ? null : outcome.error);
  };
  return (
    <>
      <div className="practice-line">
        <p className="dim">
          {info.keys.entries.length === 0 ? "Or try it without a key: " : "Try it first: "}a scripted Claude and a
          program of its own, on this machine only. You approve every step.
        </p>
        <Button variant="default" disabled={info.ownDesktopProblem !== null} onClick={() => void tryPractice()}>
          Try the practice session
        </Button>
      </div>
      {error === null ? null : (
        <Notice tone="bad" alert>
          {error}
        </Notice>
      )}
    </>
  );
}
