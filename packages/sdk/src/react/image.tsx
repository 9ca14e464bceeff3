import { type ComponentPropsWithoutRef, type CSSProperties, type ReactNode, useCallback, useState } from 'react'
import type { DarkroomError } from '../errors.ts'
import type { Asset, Manifest } from '../types.ts'
import { errorOfAsset, isSettled } from '../wait-until-ready.ts'
import { resourcesOf } from './client-resources.ts'
import { useDarkroom } from './provider.tsx'
import { useAsset } from './use-asset.ts'
import { useSharedResource } from './use-shared-resource.ts'

type ImgProps = Omit<ComponentPropsWithoutRef<'img'>, 'src' | 'srcSet' | 'width' | 'height'>

export interface ImageProps extends ImgProps {
  /** Its id, which is followed; the asset; or its manifest, with which a server renders the whole picture. */
  asset: string | Asset | Manifest
  /** Default: `altText` of the asset, else `metadata.alt`, else that it is decoration. */
  alt?: string | undefined
  /** How wide it is shown, as in HTML. Default: `100vw`. */
  sizes?: string | undefined
  /** In CSS pixels, narrower where there is less room. With both, the place is kept before anything is known of the image. */
  width?: number | undefined
  height?: number | undefined
  /** The client token of its upload, where there is no key. */
  token?: string | undefined
  /** Stands in the place of the image while it is processed. */
  pending?: ReactNode
  /** Stands in its place when there is none to show. Default: the advice. */
  failed?: ((error: DarkroomError) => ReactNode) | undefined
}

/** Shows an image in the format and size that fit, and until then its placeholder, without moving what stands around it. */
export function Image({ asset, alt, sizes = '100vw', width, height, token, pending, failed, ...img }: ImageProps) {
  const { asset: known, manifest, error } = useShown(asset, token)
  const picture = manifest && pictureOf(manifest)
  const box = sizeOf({ width, height }, picture?.img ?? (known?.width && known.height ? known : null))
  const text = alt ?? altOf(known)
  const style = { ...boxStyle(box), ...img.style }
  if (picture) return <Picture {...img} picture={picture} manifest={manifest} alt={text} sizes={sizes} box={box} />
  const { className, id } = img
  const label = { className, id, role: 'img', 'aria-label': text || undefined, 'aria-hidden': text ? undefined : true }
  if (error)
    return (
      <span className={className} id={id} style={style}>
        {failed ? failed(error) : error.advice}
      </span>
    )
  const backgroundColor = (manifest ?? known)?.placeholder?.dominantColor
  return (
    <span {...label} aria-busy={!manifest} style={{ backgroundColor, ...style }}>
      {pending}
    </span>
  )
}

interface Shown {
  asset: Asset | null
  manifest: Manifest | null
  error: DarkroomError | null
}

/** Gets what is missing: the asset of an id, the manifest of an asset. */
function useShown(given: string | Asset | Manifest, token: string | undefined): Shown {
  const { manifests, tokens } = resourcesOf(useDarkroom())
  const followed = useAsset(typeof given === 'string' ? given : null, { token })
  const manifest = typeof given === 'object' && 'assetId' in given ? given : null
  const asset = typeof given === 'string' ? followed.asset : manifest ? null : (given as Asset)
  if (asset && token) tokens.set(asset.id, token)
  const failure = asset && isSettled(asset) ? errorOfAsset(asset) : null
  const needed = asset && isSettled(asset) && !failure ? `${asset.id} ${asset.revision}` : null
  const loaded = useSharedResource(manifests, needed)
  return { asset, manifest: manifest ?? loaded.value, error: followed.error ?? failure ?? loaded.error }
}

type PictureOfManifest = NonNullable<Manifest['picture']>

/** Returns the image in its formats, or the still of what is no image; null where no file has a URL. */
function pictureOf({ picture, poster, cover, preview }: Manifest): PictureOfManifest | null {
  const still = poster ?? cover ?? preview
  if (picture || !still) return picture
  const { url, width, height } = still
  return { sources: [], img: { src: url, srcset: '', sizes: '', width: width ?? 0, height: height ?? 0 } }
}

interface PictureProps extends ImgProps {
  picture: PictureOfManifest
  manifest: Manifest
  alt: string
  sizes: string
  box: Size | null
}

function Picture({ picture, manifest, sizes, box, style, onLoad, alt, ...img }: PictureProps) {
  const [isLoaded, setLoaded] = useState(false)
  // An image of the server's HTML can be there before React listens.
  const look = useCallback((element: HTMLImageElement | null) => {
    if (element?.complete && element.naturalWidth > 0) setLoaded(true)
  }, [])
  const { src, srcset } = picture.img
  const background = isLoaded ? {} : placeholderStyle(manifest)
  return (
    <picture>
      {picture.sources.map(({ type, srcset }) => (
        <source key={type} type={type} srcSet={srcset} sizes={sizes} />
      ))}
      <img
        loading="lazy"
        decoding="async"
        {...img}
        ref={look}
        alt={alt}
        sizes={sizes}
        srcSet={srcset || undefined}
        src={src}
        width={box?.width}
        height={box?.height}
        style={{ ...boxStyle(box), ...background, ...style }}
        onLoad={event => {
          setLoaded(true)
          onLoad?.(event)
        }}
      />
    </picture>
  )
}

function placeholderStyle({ placeholder }: Manifest): CSSProperties {
  if (!placeholder) return {}
  const { dominantColor, dataUrl } = placeholder
  return { backgroundColor: dominantColor, backgroundImage: `url("${dataUrl}")`, backgroundSize: 'cover' }
}

interface Size {
  width: number
  height: number
}

/** Fills in what was not said, in the proportions of the image; null where nothing is known. */
function sizeOf(
  { width, height }: { width?: number | undefined; height?: number | undefined },
  image: { width: number | null; height: number | null } | null,
): Size | null {
  if (width && height) return { width, height }
  if (!image?.width || !image.height) return null
  const ratio = image.width / image.height
  if (width) return { width, height: Math.round(width / ratio) }
  if (height) return { width: Math.round(height * ratio), height }
  return { width: image.width, height: image.height }
}

/** The same for the place that is kept and for the image in it. */
function boxStyle(size: Size | null): CSSProperties {
  if (!size) return { maxWidth: '100%' }
  const { width, height } = size
  return {
    display: 'inline-block',
    width,
    height: 'auto',
    maxWidth: '100%',
    aspectRatio: `${width} / ${height}`,
    objectFit: 'cover',
    overflow: 'hidden',
    verticalAlign: 'bottom',
  }
}

const altOf = (asset: Asset | null): string =>
  asset?.altText ?? (typeof asset?.metadata.alt === 'string' ? asset.metadata.alt : '')
