import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const DOCS = join(import.meta.dirname, '../../docs')

interface Group {
  title: string
  /** Paths below docs/, in the order in which a newcomer needs them. */
  pages: string[]
  collapsed?: boolean
}

/** Every page of the site except the single decisions, which docs/decisions/README.md lists. */
export const GROUPS: Group[] = [
  {
    title: 'Start',
    pages: ['README.md', 'how-to/first-integration.md', 'how-to/use-the-sdk.md', 'how-to/upload-with-uppy.md'],
  },
  { title: 'Concepts', pages: ['concepts.md', 'architecture.md', 'job-lifecycle.md', 'glossary.md'] },
  {
    title: 'Guides',
    pages: [
      'how-to/upload-from-python.md',
      'how-to/upload-with-tus.md',
      'how-to/crop-images.md',
      'how-to/upload-from-a-form.md',
      'how-to/follow-an-asset.md',
      'how-to/deliver.md',
      'how-to/private-media.md',
      'how-to/presets.md',
      'how-to/webhooks.md',
      'how-to/moderation.md',
      'how-to/use-the-cli.md',
      'how-to/imports.md',
      'how-to/move-a-bucket-in.md',
      'how-to/migrate-a-bucket.md',
    ],
  },
  {
    title: 'Operate',
    pages: [
      'how-to/operate.md',
      'how-to/tracing.md',
      'troubleshooting.md',
      'doctor.md',
      'how-to/keys-and-projects.md',
      'how-to/upgrade.md',
      'how-to/redis.md',
      'how-to/backups.md',
      'how-to/cost.md',
      'b2.md',
      'security.md',
    ],
  },
  {
    title: 'Deploy',
    pages: [
      'how-to/deploy-systemd.md',
      'how-to/deploy-kubernetes.md',
      'how-to/deploy-platforms.md',
      'how-to/deploy-postgres.md',
      'how-to/deploy-cloudflare.md',
      'how-to/sizing.md',
    ],
  },
  { title: 'Before you choose', pages: ['comparison.md', 'limits.md', 'licences.md'] },
  { title: 'Reference', pages: ['config.md', 'errors.md', 'warnings.md', 'presets.md', 'formats.md', 'metrics.md'] },
  {
    title: 'API',
    pages: [
      'api/README.md',
      'api/uploads.md',
      'api/assets.md',
      'api/shares.md',
      'api/jobs.md',
      'api/presets.md',
      'api/webhooks.md',
      'api/keys.md',
      'api/usage.md',
      'api/system.md',
      'api/admin.md',
      'api/messages.md',
      'api/schemas.md',
    ],
  },
  {
    title: 'Extend',
    collapsed: true,
    pages: [
      'how-to/add-a-variant.md',
      'how-to/add-an-output-format.md',
      'how-to/add-a-step.md',
      'how-to/add-a-job.md',
      'how-to/add-a-store.md',
      'how-to/add-a-failure-code.md',
      'how-to/add-a-warning.md',
      'how-to/add-a-project-limit.md',
      'how-to/add-an-asset-field.md',
    ],
  },
  {
    title: 'Evidence',
    collapsed: true,
    pages: ['quality.md', 'seven-tasks.md', 'chaos.md', 'fuzzing.md', 'admin-queries.md', 'decisions/README.md'],
  },
]

/** Returns the groups as the theme wants them. A page is called what its first heading says. */
export function sidebar() {
  return GROUPS.map(({ title, pages, collapsed = false }) => ({
    text: title,
    collapsed,
    items: pages.map(page => ({
      text: titleOf(page),
      link: `/${page.replace(/README\.md$/, '').replace(/\.md$/, '')}`,
    })),
  }))
}

/** @throws Error when the page does not begin with a heading */
function titleOf(page: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(join(DOCS, page), 'utf8')) ?? []
  if (!title) throw new Error(`docs/${page} has no heading "# …"`)
  return title.replaceAll('`', '')
}
