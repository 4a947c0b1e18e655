import { assortment } from './assortment.ts'

/** Hues of the palette a product's picture is painted in, picked by its id. */
const HUES = [12, 28, 44, 96, 152, 188, 212, 248, 286, 332] as const

/** A quiet picture for a product, drawn from nothing but its id: always the same, nothing to download. */
export function productPicture(productId: string): string {
  const code = productId.slice(2, 5)
  const seed = hash(productId)
  const hue = HUES[seed % HUES.length] ?? 0
  // What hangs may swing; what stands on its shadow stands straight.
  const tilt = STANDING.has(code) ? 0 : ((seed >> 4) % 24) - 12
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" aria-label="${label(code)}">`,
    `<rect width="400" height="400" fill="hsl(${hue} 30% 92%)"/>`,
    `<ellipse cx="200" cy="${SHADOW_Y[code] ?? 338}" rx="120" ry="14" fill="hsl(${hue} 20% 78%)"/>`,
    `<g transform="rotate(${tilt} 200 200)" fill="hsl(${hue} 42% 48%)" stroke="hsl(${hue} 45% 28%)" stroke-width="5" stroke-linejoin="round">`,
    SHAPES[code] ?? SHAPES['TEE'] ?? '',
    '</g></svg>',
  ].join('')
}

/** Under their feet. */
const SHADOW_Y: Readonly<Record<string, number>> = { CAM: 314, KIT: 318, LIG: 324, BAC: 312 }
const STANDING: ReadonlySet<string> = new Set(['BAC', 'CAM', 'KIT', 'LIG'])

/** One outline per category code. */
const SHAPES: Readonly<Record<string, string>> = {
  TEE: '<path d="M140 90l-70 40 24 54 34-16v150h144V168l34 16 24-54-70-40q-60 44-120 0z"/>',
  SHI: '<path d="M140 84l-72 42 20 62 36-14v150h152V174l36 14 20-62-72-42-60 40z"/><path d="M200 124v196" fill="none"/>',
  KNI: '<path d="M136 92l-74 44 26 120 36-10v74h152v-74l36 10 26-120-74-44q-64 36-128 0z"/><path d="M124 300h152" fill="none"/>',
  TRO: '<path d="M138 76h124l18 250h-58l-22-160-22 160h-58z"/>',
  SHO: '<path d="M70 220q52 6 78-54l40 26q34 44 112 52 36 8 32 54H70z"/><path d="M70 276h262" fill="none"/>',
  KIT: '<path d="M96 170h208v96q0 46-46 46H142q-46 0-46-46z"/><path d="M80 170h240M200 170v-36M70 210h26M304 210h26" fill="none"/>',
  TAB: '<circle cx="200" cy="206" r="112"/><circle cx="200" cy="206" r="66" fill="none"/>',
  LIG: '<path d="M150 96h100l46 116H104z"/><path d="M200 212v96M150 318h100" fill="none"/>',
  BED: '<path d="M78 140h244v150H78z"/><path d="M100 140q20-40 96 0M204 140q76-40 96 0" /><path d="M78 214q122 30 244 0" fill="none"/>',
  BAC: '<path d="M126 130q0-50 74-50t74 50v176H126z"/><path d="M154 206h92v72h-92zM172 80q0-30 28-30t28 30" fill="none"/>',
  JAC: '<path d="M140 84l-74 50 22 150 38-8v44h148v-44l38 8 22-150-74-50-60 34z"/><path d="M200 118v202M166 84q34 46 68 0" fill="none"/>',
  CAM: '<path d="M200 92l132 216H68z"/><path d="M200 92l-34 216h68z" fill="none"/>',
}

function label(code: string): string {
  const plan = assortment.find((candidate) => candidate.code === code)
  return plan ? `${plan.name}, drawing` : 'Drawing of a product'
}

function hash(text: string): number {
  let value = 2_166_136_261
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16_777_619) >>> 0
  return value
}
