// One API process of its own: its settings in the environment, where it listens in its greeting.
import { startApi } from '@darkroom/api'
import { answerParent } from '../measure/forked.ts'

const api = await startApi({ env: process.env })
answerParent({ url: api.url }, () => api.close())
