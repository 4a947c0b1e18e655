interface Bar {
  readonly label: string
  readonly value: number
  readonly isOurs: boolean
}

const ROW = 44

/**
 * Horizontal bars, the longest first, as inline SVG. Lengths are percentages and type is in pixels, so that it is as
 * readable on a phone as on a wide screen.
 */
export function barPlot(title: string, unsorted: readonly Bar[]): string {
  const bars = unsorted.toSorted((a, b) => b.value - a.value)
  const longest = bars[0]?.value ?? 1
  const rows = bars.map((bar, index) => drawBar(bar, index * ROW, bar.value / longest))
  return `<figure><figcaption>${title}</figcaption>
<svg height="${bars.length * ROW}" role="img" aria-label="${title}">
${rows.join('\n')}
</svg></figure>`
}

/** The bar keeps a sixth of the width free for its figure. */
function drawBar({ label, value, isOurs }: Bar, top: number, share: number): string {
  const width = Math.max(0.4, share * 83).toFixed(1)
  const figure = Math.round(value).toLocaleString('en')
  return (
    `<text x="0" y="${top + 13}">${label.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>` +
    `<rect x="0" y="${top + 18}" width="${width}%" height="16" rx="2" class="${isOurs ? 'ours' : 'peer'}"/>` +
    `<text class="value" x="${width}%" dx="6" y="${top + 31}">${figure}</text>`
  )
}
