import { ERROR_CLASS_MEANINGS, ERRORS, type ErrorCode, errorAnchor, errorEntry } from '@darkroom/contracts'
import { type Html, html, inline } from './html.ts'
import { shellHtml } from './shell.ts'

const CODES = Object.keys(ERRORS) as ErrorCode[]

/** Renders the section of every code, to which the `type` of a problem leads. */
export const errorsPage = ({ version }: { version: string }): string =>
  shellHtml({
    title: 'errors',
    version,
    nav: html`<ul>${CODES.map(code => html`<li><a href="#${errorAnchor(code)}">${code}</a></li>`)}</ul>`,
    main: html`<h1>Errors</h1>
<p>Every failure has a stable code. Act on the code; texts can change. Failures of processing are in <code>error</code> of the asset or variant.</p>
<p>The class says how a failed job goes on:</p>
<dl class="fields">${Object.entries(ERROR_CLASS_MEANINGS).map(classHtml)}</dl>
${CODES.map(codeHtml)}`,
  })

const classHtml = ([name, meaning]: [string, string]): Html =>
  html`<div><dt><code>${name}</code></dt><dd>${meaning}</dd></div>
`

function codeHtml(code: ErrorCode): Html {
  const { title, status, class: kind, retryable, owner, admin } = errorEntry(code)
  return html`<article id="${errorAnchor(code)}"><h2>${code}</h2>
<p>${title}. HTTP ${status}, class <code>${kind}</code>, ${retryable ? 'retryable' : 'not retryable'}.</p>
<dl class="fields"><div><dt>For the owner</dt><dd>${inline(owner)}</dd></div>
<div><dt>For an admin</dt><dd>${inline(admin)}</dd></div></dl></article>
`
}
