import { useEffect, useId, useReducer, useRef } from 'react'
import { type CropArea, wholePixels } from './crop-area.ts'
import { cropReducer, initialCrop, MAX_ZOOM, type Rotation } from './crop-state.ts'
import { type CropLabels, ENGLISH } from './labels.ts'
import { outputType, renderCrop } from './render-crop.ts'
import { Stage } from './stage.tsx'
import { STYLES } from './styles.ts'
import { useLoadedImage } from './use-loaded-image.ts'

/** What was cropped. */
export interface Cropped {
  /** The part in pixels of the image as it is turned. Without a turn, a preset takes it as `crop`. */
  area: CropArea
  rotation: Rotation
  /** Writes the part as a file, to be uploaded. Its pixels are turned, and it has no metadata. */
  toFile(): Promise<File>
}

export interface CropDialogProps {
  /** An image that the browser can show. */
  image: Blob
  /** Of the file that is written. Default: the name of the image. */
  name?: string | undefined
  /** Width by height, `1` for a square; null for any. Default: people choose between a square and any. */
  aspect?: number | null | undefined
  /** Of the longer side of the file in pixels; larger parts are shrunk. Default: 4096. */
  maxSide?: number | undefined
  /** Of the file: `image/jpeg`, `image/png` or `image/webp`. Default: as the image, JPEG for what has no transparency. */
  type?: string | undefined
  /** Texts in another language. */
  labels?: Partial<CropLabels> | undefined
  /** Classes for the parts of the dialog, for a look of your own. */
  classNames?: { dialog?: string; button?: string; primaryButton?: string } | undefined
  onCrop: (cropped: Cropped) => void
  /** Called when it is closed without a crop. */
  onCancel: () => void
}

const MAX_SIDE = 4096

/**
 * Lets a person crop an image in a dialog: with handles, by moving, zooming and rotating, by pointer, touch and keys. It is there as
 * long as it is rendered.
 */
export function CropDialog(props: CropDialogProps) {
  const { image: source, onCancel, classNames } = props
  const labels = { ...ENGLISH, ...props.labels }
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const { image, hasFailed } = useLoadedImage(source)
  useEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    return () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true })
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      data-darkroom-crop="dialog"
      className={classNames?.dialog}
      style={STYLES.dialog}
      onCancel={event => {
        event.preventDefault()
        onCancel()
      }}
    >
      <h2 id={titleId} style={STYLES.title}>
        {labels.title}
      </h2>
      {hasFailed && <p role="alert">{labels.unreadable}</p>}
      {image && <Editor {...props} labels={labels} loaded={image} />}
      {!image && (
        <div style={STYLES.buttons}>
          <button type="button" className={classNames?.button} style={STYLES.button} onClick={onCancel}>
            {labels.cancel}
          </button>
        </div>
      )}
    </dialog>
  )
}

interface EditorProps extends Omit<CropDialogProps, 'labels'> {
  labels: CropLabels
  loaded: HTMLImageElement
}

function Editor({
  image: source,
  name,
  aspect,
  maxSide = MAX_SIDE,
  type,
  labels,
  classNames,
  loaded,
  onCrop,
  onCancel,
}: EditorProps) {
  const upright = { width: loaded.naturalWidth, height: loaded.naturalHeight }
  const [crop, dispatch] = useReducer(cropReducer, null, () => initialCrop(upright, aspect === undefined ? 1 : aspect))
  const area = wholePixels(crop.area, crop.image)
  const options = {
    maxSide,
    type: type ?? outputType(source.type),
    name: name ?? (source instanceof File ? source.name : 'image'),
  }
  return (
    <>
      <Stage image={loaded} crop={crop} labels={labels} dispatch={dispatch} />
      <div style={STYLES.controls}>
        <label style={STYLES.control}>
          {labels.zoom}
          <input
            type="range"
            min={1}
            max={MAX_ZOOM}
            step={0.1}
            value={crop.zoom}
            onChange={({ currentTarget }) => dispatch({ type: 'zoom', zoom: Number(currentTarget.value) })}
          />
        </label>
        <button
          type="button"
          className={classNames?.button}
          style={STYLES.button}
          onClick={() => dispatch({ type: 'turn' })}
        >
          {labels.rotate}
        </button>
        {aspect === undefined && (
          <AspectChoice
            labels={labels}
            isSquare={crop.aspect === 1}
            onChange={isSquare => dispatch({ type: 'aspect', aspect: isSquare ? 1 : null })}
          />
        )}
        <output style={STYLES.control}>{labels.size(area.width, area.height)}</output>
      </div>
      <div style={STYLES.buttons}>
        <button type="button" className={classNames?.button} style={STYLES.button} onClick={onCancel}>
          {labels.cancel}
        </button>
        <button
          type="button"
          className={classNames?.primaryButton ?? classNames?.button}
          style={STYLES.button}
          onClick={() =>
            onCrop({ area, rotation: crop.rotation, toFile: () => renderCrop(loaded, area, crop.rotation, options) })
          }
        >
          {labels.confirm}
        </button>
      </div>
    </>
  )
}

interface AspectChoiceProps {
  labels: CropLabels
  isSquare: boolean
  onChange: (isSquare: boolean) => void
}

function AspectChoice({ labels, isSquare, onChange }: AspectChoiceProps) {
  const name = useId()
  return (
    <fieldset style={STYLES.group}>
      <legend style={STYLES.hidden}>{labels.aspects}</legend>
      {[
        { label: labels.square, value: true },
        { label: labels.free, value: false },
      ].map(({ label, value }) => (
        <label key={label} style={STYLES.control}>
          <input type="radio" name={name} checked={isSquare === value} onChange={() => onChange(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  )
}
