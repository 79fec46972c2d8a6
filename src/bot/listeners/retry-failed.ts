import type { ButtonListener } from './buttons.js';
import type { ListenerDependencies } from './dependencies.js';
import { createGoOnListener } from './go-on.js';

export const createRetryFailedListener = (dependencies: ListenerDependencies): ButtonListener =>
  createGoOnListener(dependencies, 'retry');
