import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { assertErrorAnchors } from '../../scripts/docs-site/error-anchors.ts'
import { githubAnchor, siteLink } from '../../scripts/docs-site/links.ts'
import { llmsFull, llmsIndex } from '../../scripts/docs-site/llms.ts'
import { sidebar } from '../../scripts/docs-site/sidebar.ts'

// The documents stay as GitHub shows them: what the site needs otherwise (links, anchors, indexes) is done here.
// VitePress refuses to build when a link leads nowhere.
export default defineConfig({
  title: 'Darkroom',
  description: 'An open media pipeline: presigned uploads in, thumbnails and variants behind CDN URLs out.',
  lang: 'en',
  rewrites: { 'README.md': 'index.md', 'api/README.md': 'api/index.md', 'decisions/README.md': 'decisions/index.md' },
  // Addresses of a machine of the reader's own, which no build can try.
  ignoreDeadLinks: 'localhostLinks',
  markdown: {
    anchor: { slugify: githubAnchor },
    config: markdown => {
      markdown.core.ruler.push('site-links', ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const link = token.type === 'link_open' ? token.attrGet('href') : null
          if (link) token.attrSet('href', siteLink(link, env.relativePath))
        }
      })
      // Vue would compute what stands between double braces; the documents mean the braces.
      for (const rule of ['text', 'code_inline'] as const) {
        const render = markdown.renderer.rules[rule]
        markdown.renderer.rules[rule] = (...token) => render?.(...token).replaceAll('{{', '&#123;&#123;') ?? ''
      }
    },
  },
  async buildEnd({ outDir, site }) {
    assertErrorAnchors(await readFile(join(outDir, 'errors.html'), 'utf8'))
    await writeFile(join(outDir, 'llms.txt'), llmsIndex(site.base))
    await writeFile(join(outDir, 'llms-full.txt'), llmsFull())
  },
  themeConfig: {
    sidebar: sidebar(),
    outline: 'deep',
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          // A decision says why; who searches wants to know how first.
          searchOptions: { boostDocument: (id: string) => (id.includes('/decisions/') ? 0.3 : 1) },
        },
      },
    },
    socialLinks: [{ icon: 'github', link: 'https://github.com/darkroom-media/darkroom' }],
    editLink: { pattern: 'https://github.com/darkroom-media/darkroom/edit/main/docs/:path' },
    footer: { message: 'MIT licence' },
  },
})
