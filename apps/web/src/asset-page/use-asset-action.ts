import type { Darkroom } from '@darkroom/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { readAssets } from '../assets/read-assets.ts'
import { useServices } from '../hooks/use-services.ts'
import { useNotice } from '../ui/notice.tsx'

interface ActionOptions<Result> {
  /** Called with what came of it. */
  onDone?: (result: Result) => void
  /** The failure is shown by whoever asked, from `error`, and not at the bottom of the window. */
  failsInPlace?: boolean
}

/** Does something to an asset, says what came of it, and shows the asset as it is then. */
export function useAssetAction<Input, Result>(
  assetId: string,
  act: (darkroom: Darkroom, input: Input) => Promise<Result>,
  outcome: string | ((result: Result) => string),
  { onDone, failsInPlace = false }: ActionOptions<Result> = {},
) {
  const { clients, assets: store, follower } = useServices()
  const { say, fail } = useNotice()
  const queryClient = useQueryClient()
  const { mutate, isPending, error, reset } = useMutation({
    networkMode: 'always',
    // What came of it may be a link that gives access, which nothing keeps.
    gcTime: 0,
    mutationFn: async (input: Input) => {
      const { patient } = clients()
      const result = await act(patient, input)
      const [asset] = await readAssets(patient, [assetId])
      if (asset) store.put([asset])
      follower.nudge()
      return result
    },
    onSuccess: result => {
      say(typeof outcome === 'string' ? outcome : outcome(result))
      onDone?.(result)
    },
    onError: fault => {
      if (!failsInPlace) fail(fault)
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['admin'] }),
  })
  return { run: mutate, isPending, error, reset }
}
