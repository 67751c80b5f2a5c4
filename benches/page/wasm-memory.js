// Runs in the page before any other script. `window.wasmBytes()` is the size, in bytes, of all memories of WebAssembly that the page
// still has.

{
  /** The memories that modules have exported. A weak reference does not keep a memory alive. */
  const memories = [];
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...values) => {
      const result = await original.apply(WebAssembly, values);
      const { exports } = result.instance ?? result;
      memories.push(...Object.values(exports).flatMap((value) => (value instanceof WebAssembly.Memory ? [new WeakRef(value)] : [])));
      return result;
    };
  }
  window.wasmBytes = () => memories.reduce((sum, memory) => sum + (memory.deref()?.buffer.byteLength ?? 0), 0);
}
