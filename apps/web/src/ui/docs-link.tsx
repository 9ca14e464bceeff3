const DOCS = 'https://github.com/darkroom-media/darkroom/blob/main/docs'

/** The pages of the documentation that the admin page leads to. A test finds each. */
export const DOCS_PAGES = {
  webhooks: 'how-to/webhooks.md',
  keys: 'how-to/keys-and-projects.md',
  presets: 'how-to/presets.md',
} as const

interface DocsLinkProps {
  page: keyof typeof DOCS_PAGES
  children: string
}

export const DocsLink = ({ page, children }: DocsLinkProps) => (
  <a
    href={`${DOCS}/${DOCS_PAGES[page]}`}
    target="_blank"
    rel="noreferrer"
    className="inline-flex min-h-11 items-center rounded-full px-3 text-sm font-medium text-accent hover:underline"
  >
    {children}
    <span className="sr-only"> (opens a new tab)</span>
  </a>
)
