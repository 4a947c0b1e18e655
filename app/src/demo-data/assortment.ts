import type { CategoryPlan } from './plan.ts'

const COLOURS = ['Black', 'White', 'Navy', 'Sand', 'Olive', 'Rust', 'Sky', 'Burgundy', 'Graphite', 'Mustard'] as const
const BODY = ['XS', 'S', 'M', 'L', 'XL'] as const
const SHOE = ['37', '38', '39', '40', '41', '42', '43', '44'] as const

/** Twelve categories in three departments; what a product of each may be called, made of, and cost in euros. */
export const departments: readonly { readonly handle: string; readonly name: string }[] = [
  { handle: 'clothing', name: 'Clothing' },
  { handle: 'home', name: 'Home' },
  { handle: 'outdoor', name: 'Outdoor' },
]

export const assortment: readonly CategoryPlan[] = [
  {
    handle: 't-shirts', name: 'T-shirts', department: 'clothing', code: 'TEE', price: [14, 45],
    nouns: ['Crew-Neck Tee', 'V-Neck Tee', 'Long-Sleeve Tee', 'Pocket Tee', 'Henley', 'Ringer Tee'],
    materials: ['organic cotton', 'pima cotton', 'linen jersey', 'merino'], colours: COLOURS, sizes: BODY,
    numbers: [{ name: 'weight', label: 'Fabric weight', unit: 'g/m²', range: [120, 240] }],
    choices: [{ name: 'fit', label: 'Fit', values: ['Slim', 'Regular', 'Relaxed'] }], flags: [],
  },
  {
    handle: 'shirts', name: 'Shirts', department: 'clothing', code: 'SHI', price: [39, 119],
    nouns: ['Oxford Shirt', 'Poplin Shirt', 'Flannel Shirt', 'Camp-Collar Shirt', 'Denim Shirt', 'Grandad Shirt'],
    materials: ['organic cotton', 'linen', 'cotton flannel', 'Tencel'], colours: COLOURS, sizes: BODY, numbers: [],
    choices: [
      { name: 'fit', label: 'Fit', values: ['Slim', 'Regular', 'Relaxed'] },
      { name: 'collar', label: 'Collar', values: ['Button-down', 'Spread', 'Band', 'Camp'] },
    ],
    flags: [{ name: 'easyIron', label: 'Easy iron' }],
  },
  {
    handle: 'knitwear', name: 'Knitwear', department: 'clothing', code: 'KNI', price: [49, 189],
    nouns: ['Fisherman Jumper', 'Cable Cardigan', 'Roll-Neck Jumper', 'Crew-Neck Jumper', 'Knitted Vest'],
    materials: ['merino wool', 'lambswool', 'cashmere blend', 'cotton'], colours: COLOURS, sizes: BODY,
    numbers: [{ name: 'gauge', label: 'Gauge', unit: 'gg', range: [5, 16] }],
    choices: [{ name: 'weightClass', label: 'Weight', values: ['Light', 'Medium', 'Heavy'] }], flags: [],
  },
  {
    handle: 'trousers', name: 'Trousers', department: 'clothing', code: 'TRO', price: [45, 149],
    nouns: ['Straight Chinos', 'Tapered Jeans', 'Wide-Leg Trousers', 'Cargo Trousers', 'Pleated Trousers'],
    materials: ['cotton twill', 'selvedge denim', 'wool blend', 'linen'], colours: COLOURS, sizes: BODY,
    numbers: [{ name: 'inseam', label: 'Inside leg', unit: 'cm', range: [74, 86] }],
    choices: [{ name: 'rise', label: 'Rise', values: ['Low', 'Mid', 'High'] }],
    flags: [{ name: 'stretch', label: 'Stretch' }],
  },
  {
    handle: 'shoes', name: 'Shoes', department: 'clothing', code: 'SHO', price: [69, 229],
    nouns: ['Leather Trainer', 'Canvas Trainer', 'Chelsea Boot', 'Derby Shoe', 'Suede Loafer', 'Espadrille'],
    materials: ['full-grain leather', 'suede', 'canvas', 'recycled mesh'], colours: COLOURS, sizes: SHOE, numbers: [],
    choices: [{ name: 'sole', label: 'Sole', values: ['Rubber', 'Crepe', 'Leather', 'EVA'] }],
    flags: [{ name: 'resoleable', label: 'Can be resoled' }],
  },
  {
    handle: 'kitchen', name: 'Kitchen', department: 'home', code: 'KIT', price: [9, 179],
    nouns: ['Cast-Iron Casserole', 'Chef’s Knife', 'Moka Pot', 'Mixing Bowl', 'Pasta Pot', 'Bread Board', 'Pepper Mill'],
    materials: ['cast iron', 'stainless steel', 'beech wood', 'stoneware'], colours: COLOURS,
    sizes: ['Small', 'Medium', 'Large'],
    numbers: [{ name: 'capacity', label: 'Capacity', unit: 'ml', range: [250, 5200] }],
    choices: [{ name: 'hob', label: 'Hob', values: ['All hobs', 'Gas', 'Induction'] }],
    flags: [{ name: 'dishwasherSafe', label: 'Dishwasher safe' }],
  },
  {
    handle: 'tableware', name: 'Tableware', department: 'home', code: 'TAB', price: [6, 89],
    nouns: ['Dinner Plate', 'Espresso Cup', 'Water Carafe', 'Salad Bowl', 'Wine Glass', 'Serving Platter'],
    materials: ['stoneware', 'porcelain', 'recycled glass', 'enamel'], colours: COLOURS, sizes: ['Single', 'Set of 4'],
    numbers: [{ name: 'diameter', label: 'Diameter', unit: 'cm', range: [6, 34] }],
    choices: [{ name: 'finish', label: 'Finish', values: ['Matt', 'Glossy', 'Reactive glaze'] }],
    flags: [{ name: 'dishwasherSafe', label: 'Dishwasher safe' }],
  },
  {
    handle: 'lighting', name: 'Lighting', department: 'home', code: 'LIG', price: [29, 349],
    nouns: ['Pendant Lamp', 'Table Lamp', 'Reading Light', 'Floor Lamp', 'Wall Sconce', 'Lantern'],
    materials: ['brass', 'opal glass', 'powder-coated steel', 'rattan'], colours: COLOURS, sizes: ['Small', 'Large'],
    numbers: [{ name: 'power', label: 'Power', unit: 'W', range: [4, 40] }],
    choices: [{ name: 'socket', label: 'Socket', values: ['E27', 'E14', 'G9', 'Built-in LED'] }],
    flags: [{ name: 'dimmable', label: 'Dimmable' }],
  },
  {
    handle: 'bedding', name: 'Bedding', department: 'home', code: 'BED', price: [19, 259],
    nouns: ['Duvet Cover', 'Fitted Sheet', 'Pillowcase Pair', 'Quilt', 'Wool Blanket', 'Bedspread'],
    materials: ['washed linen', 'cotton percale', 'cotton sateen', 'wool'], colours: COLOURS,
    sizes: ['Single', 'Double', 'King'],
    numbers: [{ name: 'threadCount', label: 'Thread count', unit: 'TC', range: [180, 500] }],
    choices: [{ name: 'closure', label: 'Closure', values: ['Buttons', 'Zip', 'Ties'] }], flags: [],
  },
  {
    handle: 'backpacks', name: 'Backpacks', department: 'outdoor', code: 'BAC', price: [49, 219],
    nouns: ['Day Pack', 'Roll-Top Pack', 'Commuter Pack', 'Trekking Pack', 'Weekender'],
    materials: ['recycled nylon', 'waxed canvas', 'ripstop', 'leather'], colours: COLOURS, sizes: ['18 l', '28 l', '45 l'],
    numbers: [{ name: 'weightGrams', label: 'Weight', unit: 'g', range: [480, 1900] }],
    choices: [{ name: 'laptop', label: 'Laptop sleeve', values: ['None', '13"', '15"'] }],
    flags: [{ name: 'waterproof', label: 'Waterproof' }],
  },
  {
    handle: 'jackets', name: 'Jackets', department: 'outdoor', code: 'JAC', price: [79, 399],
    nouns: ['Rain Shell', 'Down Jacket', 'Field Jacket', 'Fleece Jacket', 'Wind Breaker', 'Parka'],
    materials: ['three-layer shell', 'recycled down', 'waxed cotton', 'recycled fleece'], colours: COLOURS, sizes: BODY,
    numbers: [{ name: 'waterColumn', label: 'Water column', unit: 'mm', range: [2000, 20000] }],
    choices: [{ name: 'season', label: 'Season', values: ['Spring', 'Autumn', 'Winter', 'All year'] }],
    flags: [{ name: 'hood', label: 'Hood' }],
  },
  {
    handle: 'camping', name: 'Camping', department: 'outdoor', code: 'CAM', price: [12, 449],
    nouns: ['Two-Person Tent', 'Sleeping Bag', 'Camp Stove', 'Enamel Mug', 'Folding Chair', 'Head Torch'],
    materials: ['ripstop nylon', 'aluminium', 'enamelled steel', 'synthetic fill'], colours: COLOURS,
    sizes: ['Regular', 'Long'],
    numbers: [{ name: 'packedWeight', label: 'Packed weight', unit: 'g', range: [90, 3800] }],
    choices: [{ name: 'seasons', label: 'Seasons', values: ['1–2', '3', '4'] }],
    flags: [{ name: 'ultralight', label: 'Ultralight' }],
  },
]
