import type { ReactNode } from "react";

type Props = { readonly label: string; readonly className: string; readonly children: ReactNode };

/** A box that scrolls by itself, reachable by keyboard so that nothing in it needs a mouse. */
export function ScrollBox({ label, className, children }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <div role="group" aria-label={label} className={`scroll-box ${className}`} tabIndex={0}>
      {children}
    </div>
  );
}
