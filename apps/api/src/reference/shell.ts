import { type Html, html } from './html.ts'

interface Shell {
  title: string
  version: string
  /** Links of the contents. */
  nav: Html
  main: Html
}

/** Renders a page of the documentation, without scripts: it can be searched, linked to, printed and read aloud as it is. */
export const shellHtml = ({ title, version, nav, main }: Shell): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Darkroom ${title}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><a href="/" class="name">Darkroom</a> <span>${title}, version ${version}</span> <a href="/docs">API reference</a> <a href="/docs/errors">Errors</a> <a href="/openapi.json">OpenAPI 3.1</a></header>
<nav aria-label="Contents">${nav}</nav>
<main id="content">${main}</main>
</body>
</html>
`.markup
