// Saves a file among her downloads, without sending it anywhere.
export const saveFile = (name: string, value: unknown): void => save(name, new Blob([JSON.stringify(value, null, 1)], { type: 'application/json' }))
export const saveText = (name: string, text: string): void => save(name, new Blob([text], { type: 'text/csv' }))
export const saveBytes = (name: string, bytes: Uint8Array<ArrayBuffer>): void => save(name, new Blob([bytes], { type: 'application/x-tar' }))

function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
