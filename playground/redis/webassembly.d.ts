/** The little of WebAssembly that the embedded server needs: Node's types of this version leave it out. */
declare namespace WebAssembly {
  type Memory = { readonly buffer: ArrayBuffer };
  /** Of the exception handling proposal. */
  class Tag {
    constructor(type: { parameters: readonly string[] });
  }
  function instantiate(
    bytes: Uint8Array,
    imports: Record<string, Record<string, unknown>>,
  ): Promise<{
    instance: { exports: never };
  }>;
}
