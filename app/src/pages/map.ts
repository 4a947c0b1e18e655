/** The map of the house as a picture: heads above, one roof, subgraphs under it, adapters and the bus below. */
export function mapPicture(): string {
  const heads = ['web', 'mobile', 'kiosk', 'partners', 'developers', 'operators']
  const subgraphs = ['catalog', 'inventory', 'orders', 'customer', 'recommendation', 'live']
  const adapters = ['payment', 'wms', 'erp', 'notification', 'identity']
  return `<svg class="map" viewBox="0 0 900 430" role="img" aria-label="Heads query one gateway; behind it six subgraphs, their adapters, and an event bus that carries every change">
${row(heads, { y: 18, width: 120 })}
${arrowsToRoof(6, { from: 52, width: 120 })}
<path class="roof" d="M450 78 L870 118 H30 Z" stroke="none"/>
<rect class="roof" x="30" y="118" width="840" height="34"/>
<text class="roof-text" x="450" y="140" text-anchor="middle">gateway: one federated graph</text>
${arrows(6, { from: 152, to: 186, width: 120 })}
${row(subgraphs, { y: 186, width: 120 })}
${arrows(6, { from: 220, to: 262, width: 120 })}
<rect class="box" x="30" y="262" width="840" height="34" rx="17"/>
<text x="450" y="284" text-anchor="middle">event bus: every change, in order, at least once</text>
${arrows(5, { from: 296, to: 338, width: 150 })}
${row(adapters, { y: 338, width: 150 })}
<text class="soft" x="450" y="404" text-anchor="middle">adapters speak to payment providers, warehouses, the ERP, messengers and the identity provider over HTTP</text>
</svg>`
}

interface Band {
  readonly y: number
  readonly width: number
}

function row(names: readonly string[], band: Band): string {
  return names
    .map((name, index) => {
      const x = left(index, names.length, band.width)
      return `<rect class="box" x="${x}" y="${band.y}" width="${band.width}" height="34" rx="8"/><text x="${x + band.width / 2}" y="${band.y + 22}" text-anchor="middle">${name}</text>`
    })
    .join('')
}

function arrows(
  count: number,
  span: { readonly from: number; readonly to: number; readonly width: number },
): string {
  return Array.from({ length: count }, (_, index) => {
    const x = left(index, count, span.width) + span.width / 2
    return `<path d="M${x} ${span.from}V${span.to}"/>`
  }).join('')
}

/** The roof falls from its ridge at (450, 78) to its eaves at y = 118, so each arrow ends where it meets the slope. */
function arrowsToRoof(count: number, span: { readonly from: number; readonly width: number }): string {
  return Array.from({ length: count }, (_, index) => {
    const x = left(index, count, span.width) + span.width / 2
    return `<path d="M${x} ${span.from}V${Math.round(78 + (Math.abs(x - 450) / 420) * 40)}"/>`
  }).join('')
}

function left(index: number, count: number, width: number): number {
  const gap = (840 - count * width) / (count - 1)
  return Math.round(30 + index * (width + gap))
}
