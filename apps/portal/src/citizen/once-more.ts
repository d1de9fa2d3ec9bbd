// Whether something is asked once more by itself: where nothing was heard. A refusal stays one, and a browser notes each.
import { MhmdError } from '@mhmd/base'

export const onceMore = (failures: number, error: unknown): boolean => failures === 0 && (!MhmdError.isInstance(error) || error.kind === 'unavailable')
