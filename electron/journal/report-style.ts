/** The look of a report, on a screen and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1d21; --dim: #5b6168; --line: #d5d9de; --paper: #fff; --soft: #f4f6f8; --bad: #a8201a; --mark: #d9480f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --dim: #a0a7ae; --line: #3a4047; --paper: #17191c; --soft: #1f2226; --bad: #ff8a80; --mark: #ff922b; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
.kind, .dim, figcaption { color: var(--dim); }
.kind { margin: 0; }
.dim, figcaption { font-size: .87rem; }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 500; color: var(--dim); width: 9rem; vertical-align: top; }
th, td { padding: .2rem .5rem .2rem 0; border-bottom: 1px solid var(--line); }
td { white-space: pre-wrap; overflow-wrap: anywhere; }
.proof { border: 1px solid var(--line); border-radius: 6px; padding: .25rem 1rem; margin: 1.25rem 0; background: var(--soft); }
.proof h2 { margin-top: .75rem; }
.bad, .bad h2 { color: var(--bad); }
.turn { border-top: 2px solid var(--line); margin-top: 2rem; }
article { margin: 1rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: 6px; }
blockquote { margin: .5rem 0; padding-left: .9rem; border-left: 3px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
.thinking { color: var(--dim); }
.note { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--soft); padding: .5rem .75rem; border-radius: 6px; }
.flag { color: var(--mark); font-weight: 600; border: 1px solid; border-radius: 4px; padding: 0 .35rem; font-size: .85rem; }
a { color: inherit; }
figcaption code { font-size: .75em; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; margin-top: .75rem; }
figure { margin: 0; }
svg { width: 100%; height: auto; border: 1px solid var(--line); display: block; }
svg g { fill: none; stroke: var(--mark); stroke-width: 5; filter: drop-shadow(0 0 2px #fff); }
svg g.solid circle { fill: var(--mark); fill-opacity: .5; }
@media print {
  :root { --ink: #000; --dim: #444; --line: #bbb; --paper: #fff; --soft: #fff; --bad: #a00; --mark: #c2410c; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  article, figure, .proof { break-inside: avoid; }
  article { padding: .5rem .75rem; margin: .6rem 0; }
  .pictures { grid-template-columns: 1fr 1fr; }
  table { font-size: 9pt; }
  h2, h3, .turn > .dim, .turn > blockquote { break-after: avoid; }
}
`;
