/** The wasm build takes descriptors from this number on as the host's (its `host.h`). */
const FIRST = 4096;

/**
 * The build's event loop has room for maxclients (10,000) and 128 more descriptors, counted from 0; one
 * above that is never polled, and its client would hang.
 */
export const MOST_DESCRIPTORS = 6000;

/** Numbers for sockets, each given again once it was freed. */
export class Descriptors {
  /** @type {number[]} */
  #free = [];
  #next = FIRST;
  #end;

  /** @param {number} [most] how many may be in use at once */
  constructor(most = MOST_DESCRIPTORS) {
    this.#end = FIRST + Math.min(most, MOST_DESCRIPTORS);
  }

  /** @returns {number | undefined} undefined when all are in use */
  take() {
    const freed = this.#free.pop();
    if (freed !== undefined) return freed;
    return this.#next < this.#end ? this.#next++ : undefined;
  }

  /** @param {number} descriptor */
  free(descriptor) {
    this.#free.push(descriptor);
  }
}
