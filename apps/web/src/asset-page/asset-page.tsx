import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { extentOf } from '../assets/asset-facts.ts'
import { kindOfAsset } from '../assets/asset-kind.ts'
import { FactList } from '../assets/details/fact-list.tsx'
import { StatusText } from '../assets/details/status-text.tsx'
import { WarningList } from '../assets/details/warning-list.tsx'
import type { KnownAsset } from '../assets/known-asset.ts'
import { useServiceConditions } from '../hooks/use-service-conditions.ts'
import { humanBytes } from '../human-bytes.ts'
import { formatName } from '../media-format.ts'
import { useMay } from '../session/use-may.ts'
import { buttonClass } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loading } from '../ui/loading.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { assetState } from '../uploads/row-state.ts'
import { AssetActions } from './actions/asset-actions.tsx'
import { AssetProblem } from './asset-problem.tsx'
import { DetailsList } from './details/details-list.tsx'
import { DetailsSection } from './details/details-section.tsx'
import { FocalSection } from './focal/focal-section.tsx'
import { HistorySection } from './history/history-section.tsx'
import { usePageAsset } from './use-page-asset.ts'
import { SnippetSection } from './variants/snippet-section.tsx'
import { VariantTable } from './variants/variant-table.tsx'
import { AssetViewer } from './viewer/asset-viewer.tsx'

const BACK = { link: { to: '/library' }, label: 'Library' } as const

/** Shows the page at `/assets/<id>`: one asset, what was made of it, and all that can be done with it. */
export default function AssetPage() {
  const { assetId } = useParams({ from: '/assets/$assetId' })
  const { asset, error, isGone } = usePageAsset(assetId)
  if (asset) return <Shown key={asset.id} asset={asset} />
  return (
    <>
      <PageTitle back={BACK}>Asset</PageTitle>
      {isGone && (
        <Empty
          testId="unknown-asset"
          title="Asset not found"
          text="It was deleted or taken down, or belongs to another project."
        >
          <Link to="/library" className={buttonClass('secondary')}>
            Back to the library
          </Link>
        </Empty>
      )}
      {!isGone && error && (
        <p role="alert" className="rounded-2xl bg-bad-soft px-4 py-3 text-sm wrap-anywhere">
          The asset could not be read: {error.message}
        </p>
      )}
      {!isGone && !error && <Loading what="the asset" />}
    </>
  )
}

function Shown({ asset }: { asset: KnownAsset }) {
  const { variant: shownName = null } = useSearch({ from: '/assets/$assetId' })
  const navigate = useNavigate({ from: '/assets/$assetId' })
  const show = (variant: string) => {
    void navigate({ search: { variant }, replace: true, resetScroll: false })
    document.querySelector('[data-testid=viewer]')?.scrollIntoView({ block: 'nearest' })
  }
  const mayWrite = useMay('write')
  const state = assetState(asset, useServiceConditions())
  return (
    <article data-testid="asset-page" data-asset-id={asset.id} data-status={asset.status}>
      <PageTitle back={BACK} isLong actions={<AssetActions asset={asset} />}>
        <span dir="auto">{asset.title || asset.filename}</span>
      </PageTitle>
      <div className="-mt-2 mb-4 flex flex-wrap items-center gap-x-4 text-sm text-muted">
        <StatusText status={state.status} text={state.text} />
        <p>{originalText(asset)}</p>
      </div>
      {asset.progress < 1 && asset.job && (
        <ProgressBar
          value={Math.round(asset.progress * 100)}
          label={`Processing ${asset.filename}`}
          text={`${Math.round(asset.progress * 100)} %`}
        />
      )}
      <AssetProblem asset={asset} failure={state.failure} />
      <WarningList warnings={asset.warnings} />
      <div className="mt-3 grid gap-x-8 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="min-w-0">
          <div data-testid="viewer">
            <AssetViewer asset={asset} variantName={shownName} />
          </div>
          <div className="mt-8">
            <VariantTable asset={asset} shownName={shownName} onShow={kindOfAsset(asset) === 'image' ? show : null} />
            <SnippetSection asset={asset} />
            {mayWrite && kindOfAsset(asset) === 'image' && <FocalSection asset={asset} />}
            <HistorySection assetId={asset.id} />
          </div>
        </div>
        <div className="min-w-0 max-lg:mt-10">
          {mayWrite ? <DetailsSection asset={asset} /> : <DetailsList asset={asset} />}
          <FactList asset={asset} isOpen />
        </div>
      </div>
    </article>
  )
}

/** Lines break between the parts, not inside of one. */
const NO_BREAK = '\u00a0'
const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

function originalText(asset: KnownAsset): string {
  const { byteSize, contentType, createdAt, preset } = asset
  return [
    'Original',
    ...extentOf(asset),
    humanBytes(byteSize),
    formatName(contentType),
    DATE.format(new Date(createdAt)),
    `preset ${preset.name}@${preset.version}`,
  ]
    .map(part => part.replaceAll(' ', NO_BREAK))
    .join(' · ')
}
