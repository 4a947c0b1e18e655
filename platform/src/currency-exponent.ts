/**
 * How many decimal digits a currency's minor unit has; undefined for codes without one (gold, SDR, test) and for
 * unknown codes. Source: ISO 4217, list one "Current currency & funds code list", SIX Group (maintenance agency).
 * CLDR, and so `Intl`, gives the digits in daily use instead (HUF 0, PKR 0): not what payments are counted in.
 */
export function exponentOf(currency: string): number | undefined {
  return exponents.get(currency)
}

const TWO = `
  AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
  COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
  INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
  MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
  STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`
const NONE = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
const THREE = 'BHD IQD JOD KWD LYD OMR TND'
const FOUR = 'CLF UYW'

const exponents: ReadonlyMap<string, number> = new Map([
  ...withExponent(2, TWO),
  ...withExponent(0, NONE),
  ...withExponent(3, THREE),
  ...withExponent(4, FOUR),
])

function withExponent(exponent: number, codes: string): readonly (readonly [string, number])[] {
  return codes
    .trim()
    .split(/\s+/)
    .map((code) => [code, exponent] as const)
}
