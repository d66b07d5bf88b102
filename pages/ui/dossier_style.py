"""The look of a unit's file: as dense as a form on the screen, one page of A4 on paper."""

STYLE = """<style>
.dossier { columns: 2 27rem; column-gap: 2rem; font-size: .8rem; line-height: 1.35; }
.dossier section { break-inside: avoid; margin: 0 0 .7rem; }
.dossier h3 { font-size: .85rem; font-weight: 600; margin: 0; padding: 0; }
.dossier h3::first-letter { text-transform: uppercase; }
.dossier table { border-collapse: collapse; width: 100%; }
.dossier th, .dossier td { border: 0; border-bottom: 1px solid color-mix(in srgb, currentColor 13%, transparent);
  padding: .1rem .3rem; text-align: left; vertical-align: baseline; font-variant-numeric: tabular-nums; }
.dossier thead th { border-bottom-width: 2px; font-weight: 400; font-size: .72rem; opacity: .85; vertical-align: bottom; }
.dossier thead th:first-child { opacity: 1; padding-left: 0; }
.dossier tbody th { font-weight: 400; padding-left: 0; }
.dossier td, .dossier thead th + th { white-space: nowrap; }
.dossier td.wide { white-space: normal; }
.dossier small { opacity: .75; font-size: .68rem; }
.dossier a { color: inherit; text-decoration: underline dotted; text-underline-offset: 2px; }
.dossier i { font-style: normal; border-radius: 3px; padding: 0 .15em; }
.dossier i.met { background: color-mix(in srgb, #2a7fd0 18%, transparent); }
.dossier i.missed { background: color-mix(in srgb, #e07a1f 28%, transparent); }
.dossier .alike span { white-space: nowrap; } /* no line begins with a comma */
.dossier .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.dossier-key { margin-top: .4rem; font-size: .72rem; opacity: .75; line-height: 1.4; }
.dossier .spark { vertical-align: middle; display: inline-block; }
.dossier-foot { display: none; }
@media screen {
  .dossier tbody th, .dossier tbody td { line-height: 24px; }
  .dossier a { display: inline-block; min-width: 24px; min-height: 24px; line-height: 24px; } }
@media screen and (max-width: 640px) {
  .dossier { columns: 1; }
  .dossier td.course, .dossier th.course { display: none; }
  .dossier thead th + th { white-space: normal; }
  .dossier th, .dossier td { padding: .15rem .2rem; vertical-align: top; }
  .dossier tbody th, .dossier td.wide { overflow-wrap: anywhere; }
  .dossier td small { display: block; line-height: 1.2; }
}
@media print {
  @page { size: A4 portrait; margin: 9mm 8mm; }
  .st-key-screen_only, [data-testid="stMain"] [data-testid="stTitle"], .st-key-school_lead { display: none; }
  [data-testid="stMain"] [data-testid="stMainBlockContainer"] { zoom: 1; padding: 0; max-width: none; }
  [data-testid="stMain"] [data-testid="stVerticalBlock"] { gap: .2rem; }
  .dossier { columns: 2; column-gap: 5mm; font-size: 7.4pt; line-height: 1.35; }
  .dossier h3 { font-size: 8.6pt; white-space: nowrap; }
  .dossier thead th { font-size: 7pt; }
  .dossier small { font-size: 6.6pt; }
  .dossier th, .dossier td { padding: .25pt 2pt; }
  .dossier section { margin-bottom: 4pt; }
  .dossier a { text-decoration: none; } .dossier .alike small { display: none; } /* a way on that paper has not */
  .dossier-key { font-size: 6.6pt; }
  .dossier .spark { width: 46px; height: 12px; }
  [data-testid="stMain"] h2 { padding: 0; font-size: 14pt; } [data-testid="stMain"] [data-testid="stCaptionContainer"] { font-size: 8pt; }
  .dossier td.course, .dossier th.course { display: table-cell; }
  .dossier i { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .dossier-foot { display: flex; justify-content: space-between; font-size: 8pt; margin-top: 9pt; padding-top: 3pt;
    border-top: 1px solid #888; } }
</style>"""
