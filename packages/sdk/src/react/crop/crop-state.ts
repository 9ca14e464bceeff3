import {
  type CropArea,
  type Handle,
  largestArea,
  movedArea,
  resizedArea,
  type Size,
  scaledArea,
  turnedArea,
  turnedSize,
} from './crop-area.ts'

/** How far the image is turned clockwise, in degrees. */
export type Rotation = 0 | 90 | 180 | 270

export interface CropState {
  /** As it is turned. */
  image: Size
  area: CropArea
  rotation: Rotation
  /** Width by height, null where they are free. */
  aspect: number | null
  /** 1 shows the whole image. */
  zoom: number
  /** The point of the image in the middle of the view. */
  middle: { x: number; y: number }
}

export type CropAction =
  | { type: 'move'; dx: number; dy: number }
  | { type: 'resize'; handle: Handle; dx: number; dy: number }
  | { type: 'scale'; factor: number }
  | { type: 'turn' }
  | { type: 'zoom'; zoom: number }
  | { type: 'pan'; dx: number; dy: number }
  | { type: 'aspect'; aspect: number | null }

export const MAX_ZOOM = 8

export const initialCrop = (image: Size, aspect: number | null): CropState => ({
  image,
  aspect,
  area: largestArea(image, aspect),
  rotation: 0,
  zoom: 1,
  middle: middleOf(image),
})

const CHANGES: {
  [T in CropAction['type']]: (state: CropState, action: Extract<CropAction, { type: T }>) => CropState
} = {
  move: (state, { dx, dy }) => ({ ...state, area: movedArea(state.area, dx, dy, state.image) }),
  resize: (state, { handle, dx, dy }) => ({ ...state, area: resizedArea(state.area, handle, { dx, dy }, state) }),
  scale: (state, { factor }) => ({ ...state, area: scaledArea(state.area, factor, state.image) }),
  turn: ({ aspect, ...state }) => {
    const image = turnedSize(state.image)
    const turned = turnedArea(state.area, state.image)
    return {
      ...state,
      aspect,
      image,
      // Proportions that are fixed stay as they are; they do not turn with the image.
      area: aspect === null || aspect === 1 ? turned : largestArea(image, aspect),
      rotation: ((state.rotation + 90) % 360) as Rotation,
      middle: { x: state.image.height - state.middle.y, y: state.middle.x },
    }
  },
  zoom: (state, { zoom }) => {
    const next = Math.max(1, Math.min(MAX_ZOOM, zoom))
    // One wants to see closer what one is about to cut.
    return viewed({ ...state, zoom: next, middle: next === 1 ? middleOf(state.image) : middleOfArea(state.area) })
  },
  pan: (state, { dx, dy }) => viewed({ ...state, middle: { x: state.middle.x - dx, y: state.middle.y - dy } }),
  aspect: (state, { aspect }) => ({ ...state, aspect, area: largestArea(state.image, aspect) }),
}

/** Returns the crop after what a person did. Lengths are in pixels of the image as it is turned. */
export const cropReducer = (state: CropState, action: CropAction): CropState =>
  CHANGES[action.type](state, action as never)

/** Keeps the view inside of the image. */
function viewed(state: CropState): CropState {
  const { image, zoom, middle } = state
  const within = (at: number, length: number) => {
    const half = length / zoom / 2
    return Math.max(half, Math.min(length - half, at))
  }
  return { ...state, middle: { x: within(middle.x, image.width), y: within(middle.y, image.height) } }
}

const middleOf = ({ width, height }: Size) => ({ x: width / 2, y: height / 2 })
const middleOfArea = ({ left, top, width, height }: CropArea) => ({ x: left + width / 2, y: top + height / 2 })
