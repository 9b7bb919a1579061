import type { ReactNode } from "react";

type Props = {
  /** A region's name where the panel is one. */
  readonly name?: string;
  readonly children: ReactNode;
  /** The buttons and the one line of text: always at the bottom, always the same place. */
  readonly foot?: ReactNode;
};

/** The column beside the picture. Its body scrolls, its foot stands still. */
export function SidePanel({ name, children, foot }: Props) {
  const content = (
    <>
      <div className="side-body">{children}</div>
      {foot === undefined ? null : <div className="side-foot">{foot}</div>}
    </>
  );
  return name === undefined ? (
    <div className="side">{content}</div>
  ) : (
    <section className="side" aria-label={name}>
      {content}
    </section>
  );
}
