/** The demo partner: its key is printed at start, and opens the documents of schema/documents/partner-acme only. */
export const partnerKey = 'pk_demo_partner'
export const partnerId = 'acme'
export const partnerHead = 'partner-acme'
