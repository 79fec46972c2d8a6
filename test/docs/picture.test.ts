import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { picture } from './picture.js';

const FILE = join(__dirname, '../../docs/thread.svg');

test('docs/thread.svg shows what the bot says', () => {
  const wanted = picture();
  if (process.env.UPDATE_DOCS === '1') writeFileSync(FILE, wanted);
  if (readFileSync(FILE, 'utf8') !== wanted) {
    throw new Error('docs/thread.svg is not what the messages are now. Draw it: UPDATE_DOCS=1 npx jest test/docs');
  }
});
