import type { FacetIndex } from './facet-index.ts'
import { type FacetCounts, MAX_FACET_VALUES } from './product-search.ts'

/** Counts by value number as facets, the most frequent first. */
export function groupByFacet(facets: FacetIndex, counts: readonly number[]): readonly FacetCounts[] {
  const groups = Map.groupBy(
    facets.values.filter((value) => (counts[value.id] ?? 0) > 0),
    (value) => value.name,
  )
  const ordered = [...groups].map(([name, values]) => {
    const counted = values.map((value) => ({
      value: value.value,
      valueLabel: value.valueLabel,
      count: counts[value.id] ?? 0,
    }))
    counted.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    const total = counted.reduce((sum, value) => sum + value.count, 0)
    return {
      total,
      facet: { name, label: values[0]?.label ?? name, values: counted.slice(0, MAX_FACET_VALUES) },
    }
  })
  return ordered
    .sort((a, b) => b.total - a.total || (a.facet.name < b.facet.name ? -1 : 1))
    .map(({ facet }) => facet)
}
