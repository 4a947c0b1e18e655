/** A point on the globe, WGS 84, in degrees. */
export interface Coordinates {
  readonly latitude: number
  readonly longitude: number
}

/** IUGG mean radius. */
const EARTH_KM = 6371.0088

/** Great-circle distance in kilometres (haversine), good to half a per cent. */
export function distanceKm(a: Coordinates, b: Coordinates): number {
  const north = Math.sin(radians(b.latitude - a.latitude) / 2)
  const east = Math.sin(radians(b.longitude - a.longitude) / 2)
  const h = north ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * east ** 2
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

export function isOnGlobe(point: Coordinates): boolean {
  return Math.abs(point.latitude) <= 90 && Math.abs(point.longitude) <= 180
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180
}
