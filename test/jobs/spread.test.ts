import { expect, it } from '@jest/globals';
import { spread } from '../../src/jobs/spread.js';

it.each([
  [0, 1_000],
  [0.5, 1_125],
  [0.999, 1_250],
])(
  'a wait of a second is, with the chance %d, one of %d ms: longer by a quarter at most, and never shorter',
  (chance, ms) => {
    expect(spread(1_000, () => chance)).toBe(ms);
  },
);
