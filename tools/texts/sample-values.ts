const time = Date.UTC(2026, 11, 24, 18);
/** Numbers that show each plural form of English and German, and the one that is easily forgotten. */
const counts = [2, 1, 0];

/**
 * Values for the parameters of texts, by name: the first is taken where another parameter is varied. A name that isn't here
 * gets itself in angle quotes.
 */
export const sampleValues: Readonly<Record<string, readonly unknown[]>> = {
  // Counts
  active: counts,
  attachments: counts,
  blocks: counts,
  circled: counts,
  closed: counts,
  count: counts,
  daily: counts,
  epochs: counts,
  epochsMax: counts,
  found: counts,
  hours: counts,
  jobs: counts,
  keepHours: counts,
  limit: counts,
  max: [300, 1],
  megabytes: counts,
  minutes: counts,
  number: counts,
  open: counts,
  orders: counts,
  queue: counts,
  slots: counts,
  styles: counts,
  // Other numbers
  asked: [1024],
  epoch: [7],
  epochsDefault: [100],
  fallback: [100],
  height: [341],
  loss: [0.12345],
  made: [720],
  maxMegabytes: [8],
  min: [1],
  minSide: [16],
  page: [1],
  pages: [2],
  position: [3, 1],
  scales: [8],
  seconds: [12.3, 4.56],
  size: [512],
  width: [512],
  wished: [2048],
  // Times
  again: [time],
  endsAt: [time],
  startsAt: [time],
  until: [time, undefined],
  // Lists and objects
  allowed: [['<#1>', '<#2>'], []],
  at: [
    { kind: 'scale', scale: 1, scales: 3, width: 512, height: 341 },
    { kind: 'layer', layer: 'relu3_1', number: 2, layers: 5 },
    { kind: 'frame', frame: 3, frames: 24, width: 512, height: 341 },
    { kind: 'pixels', width: 512, height: 341, found: 2 },
  ],
  'errors.allowed': ['<#1> <#2>', ''],
  'errors.layers': ['relu1_1, relu2_1'],
  denied: [['<#3>'], []],
  kinds: [['`/spot-difference` finds what two pictures differ in.']],
  layers: [['relu1_1', 'relu2_1']],
  qualities: [['**draft**: 256 pixels, 60 epochs, VGG19-lite']],
  shrunk: [{ asked: 1024, made: 720 }, undefined],
  // Flags
  ageRestricted: [true, false],
  isAgeRestricted: [false, true],
  // Words
  channel: ['<#1>'],
  characters: ['"!"', undefined],
  style: ['Dragonfire', undefined],
};
