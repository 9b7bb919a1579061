import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useHold } from "../store/use-app.ts";

type Props = {
  readonly small?: boolean;
  /** A field of its own has the focus, and Escape is said elsewhere: no head with a button. */
  readonly bare?: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** The platform's own modal dialog: it holds the focus, Escape closes it, and nothing behind it can be pressed. */
export function Dialog({ title, small = false, bare = false, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useHold(true);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog
      ref={ref}
      className={small ? "dialog dialog-small" : "dialog"}
      aria-label={title}
      onCancel={onClose}
      onClose={onClose}
    >
      {bare ? null : (
        <div className="dialog-head">
          <h2>{title}</h2>
          <Button variant="default" size="xs" onClick={onClose}>
            Close
          </Button>
        </div>
      )}
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}

/** Whether a modal dialog is open: then the view behind it takes no shortcuts. */
export function isDialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
