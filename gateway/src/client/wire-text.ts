/** Text as it goes over a wire: of its UTF-8, one character for each byte. */
export function toWire(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')
}
