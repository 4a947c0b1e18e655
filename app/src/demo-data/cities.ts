/** Where the demo retailer has its stores and distribution centres. Coordinates in degrees (WGS 84), rounded to 1/100. */
export interface City {
  /** Three letters, as stores call themselves: `MIL`. */
  readonly code: string
  readonly name: string
  readonly country: 'IT' | 'DE' | 'GB' | 'CH'
  readonly latitude: number
  readonly longitude: number
  readonly postalCode: string
  readonly street: string
}

export const distributionCentres: readonly City[] = [
  city('PIA', 'Piacenza', 'IT', [45.05, 9.7], '29122', 'Via Diete di Roncaglia'),
  city('KAS', 'Kassel', 'DE', [51.31, 9.48], '34123', 'Falderbaumstraße'),
  city('COV', 'Coventry', 'GB', [52.41, -1.51], 'CV3 2TX', 'Siskin Parkway'),
]

export const storeCities: readonly City[] = [
  city('MIL', 'Milan', 'IT', [45.46, 9.19], '20121', 'Via Dante'),
  city('ROM', 'Rome', 'IT', [41.9, 12.5], '00187', 'Via del Corso'),
  city('TUR', 'Turin', 'IT', [45.07, 7.69], '10121', 'Via Garibaldi'),
  city('BOL', 'Bologna', 'IT', [44.49, 11.34], '40121', "Via dell'Indipendenza"),
  city('FLO', 'Florence', 'IT', [43.77, 11.26], '50123', "Via de' Calzaiuoli"),
  city('NAP', 'Naples', 'IT', [40.85, 14.27], '80132', 'Via Toledo'),
  city('VER', 'Verona', 'IT', [45.44, 10.99], '37121', 'Via Mazzini'),
  city('GEN', 'Genoa', 'IT', [44.41, 8.93], '16121', 'Via XX Settembre'),
  city('PAL', 'Palermo', 'IT', [38.12, 13.36], '90133', 'Via Maqueda'),
  city('BAR', 'Bari', 'IT', [41.12, 16.87], '70121', 'Via Sparano'),
  city('PAD', 'Padua', 'IT', [45.41, 11.88], '35121', 'Via Roma'),
  city('TRI', 'Trieste', 'IT', [45.65, 13.78], '34121', 'Corso Italia'),
  city('BER', 'Berlin', 'DE', [52.52, 13.4], '10117', 'Friedrichstraße'),
  city('HAM', 'Hamburg', 'DE', [53.55, 9.99], '20095', 'Mönckebergstraße'),
  city('MUC', 'Munich', 'DE', [48.14, 11.58], '80331', 'Kaufingerstraße'),
  city('CGN', 'Cologne', 'DE', [50.94, 6.96], '50667', 'Schildergasse'),
  city('FRA', 'Frankfurt', 'DE', [50.11, 8.68], '60313', 'Zeil'),
  city('STR', 'Stuttgart', 'DE', [48.78, 9.18], '70173', 'Königstraße'),
  city('DUS', 'Düsseldorf', 'DE', [51.23, 6.78], '40212', 'Schadowstraße'),
  city('LEJ', 'Leipzig', 'DE', [51.34, 12.37], '04109', 'Petersstraße'),
  city('DRS', 'Dresden', 'DE', [51.05, 13.74], '01067', 'Prager Straße'),
  city('HAJ', 'Hanover', 'DE', [52.37, 9.73], '30159', 'Georgstraße'),
  city('NUE', 'Nuremberg', 'DE', [49.45, 11.08], '90402', 'Karolinenstraße'),
  city('BRE', 'Bremen', 'DE', [53.08, 8.8], '28195', 'Obernstraße'),
  city('LON', 'London', 'GB', [51.51, -0.13], 'W1C 1DX', 'Oxford Street'),
  city('MAN', 'Manchester', 'GB', [53.48, -2.24], 'M2 7PW', 'King Street'),
  city('BHM', 'Birmingham', 'GB', [52.48, -1.9], 'B2 4QA', 'New Street'),
  city('LDS', 'Leeds', 'GB', [53.8, -1.55], 'LS1 6ND', 'Briggate'),
  city('GLA', 'Glasgow', 'GB', [55.86, -4.25], 'G1 3SQ', 'Buchanan Street'),
  city('EDI', 'Edinburgh', 'GB', [55.95, -3.19], 'EH2 2ER', 'Princes Street'),
  city('BRS', 'Bristol', 'GB', [51.45, -2.59], 'BS1 3BX', 'Broadmead'),
  city('LIV', 'Liverpool', 'GB', [53.41, -2.98], 'L1 8JQ', 'Church Street'),
  city('CDF', 'Cardiff', 'GB', [51.48, -3.18], 'CF10 2BN', 'Queen Street'),
  city('BFS', 'Belfast', 'GB', [54.6, -5.93], 'BT1 5GB', 'Royal Avenue'),
  city('ZRH', 'Zürich', 'CH', [47.37, 8.54], '8001', 'Bahnhofstrasse'),
  city('GVA', 'Geneva', 'CH', [46.2, 6.14], '1204', 'Rue du Rhône'),
  city('BSL', 'Basel', 'CH', [47.56, 7.59], '4051', 'Freie Strasse'),
  city('BRN', 'Bern', 'CH', [46.95, 7.45], '3011', 'Marktgasse'),
  city('LUG', 'Lugano', 'CH', [46.0, 8.95], '6900', 'Via Nassa'),
  city('LUZ', 'Lucerne', 'CH', [47.05, 8.31], '6004', 'Hertensteinstrasse'),
]

function city(
  code: string,
  name: string,
  country: City['country'],
  at: readonly [number, number],
  ...address: readonly [string, string]
): City {
  const [postalCode, street] = address
  return { code, name, country, latitude: at[0], longitude: at[1], postalCode, street }
}
