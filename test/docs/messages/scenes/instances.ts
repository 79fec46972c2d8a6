import { instancesView, openingInstancesView } from '../../../../src/bot/messages/instances.js';
import { group, NOW, planned, settled, started, target, then } from '../../../bot/messages/requests.js';
import type { Scene } from '../scene.js';
import { finished, waiting } from '../stories.js';
import { viewScene } from './view.js';

const many = started(planned([group(Array.from({ length: 45 }, (_, index) => target(index)))], {}, 1), 'UBOB');
const begun = ['i-0002', 'i-0003'];
const underWay = then(
  settled(many, { 'i-0000': NOW }),
  { type: 'batched', batch: 'b1', group: 0, step: 'detach', instances: begun },
  { type: 'begun', batch: 'b1', epoch: 1, instances: begun },
);
const carry = () => '';

export const instanceScenes: readonly Scene[] = [
  viewScene('Until it is known what to show', openingInstancesView),
  viewScene('Before an approval', (language) =>
    instancesView(waiting.request, { filter: 'all', page: 1 }, carry, language),
  ),
  viewScene('While it runs, the second page', (language) =>
    instancesView(underWay.request, { filter: 'all', page: 2 }, carry, language),
  ),
  viewScene('Those that failed', (language) =>
    instancesView(finished.request, { filter: 'failed', page: 1 }, carry, language),
  ),
  viewScene('A kind that there is none of', (language) =>
    instancesView(waiting.request, { filter: 'working', page: 1 }, carry, language),
  ),
];
