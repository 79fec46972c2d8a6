import type { ButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';
import { createGoOnListener } from './go-on/button.js';

export const createRestartListener = (dependencies: ListenerDependencies): ButtonListener =>
  createGoOnListener(dependencies, 'restart');
