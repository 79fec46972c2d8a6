import type { ButtonListener } from './buttons.js';
import type { ListenerDependencies } from './dependencies.js';
import { createGoOnListener } from './go-on.js';

export const createRestartListener = (dependencies: ListenerDependencies): ButtonListener =>
  createGoOnListener(dependencies, 'restart');
